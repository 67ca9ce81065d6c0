import { callName, readIdentifier, strongestFirst } from '../facts/identifiers.js';
import { customerAddress } from '../facts/route.js';
import { askFor } from '../server/ask.js';
import { repeatWhileVisible } from '../server/repeat.js';
import { agoNow, t } from '../words/language.js';
import { element, fill } from './element.js';
import { firstTouchpointGuide } from './first-touchpoint.js';
import { identifierText } from './identifier.js';
import { problemNote } from './problem.js';
import { LOADING, readStatus, runningCard } from './running.js';

const LOOK_PAUSE_MS = 3_000;
const RECENT_CUSTOMERS = 20;
const IDENTIFIERS_SHOWN = 2;

/** The start page: who was in touch last, and what is running. */
export class HomePage {
  title;
  ready;

  #status;
  #customers;
  #problem;
  #markReady;
  #end;
  #recent = element('section', { class: 'recent' });
  #running = element('section', { class: 'card running' });
  #aside = element('aside', { class: 'side' });

  constructor(stage) {
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    fill(stage, element('div', { class: 'home' }, this.#recent, this.#aside));
    this.draw();
    this.#end = repeatWhileVisible((signal) => this.#look(signal), LOOK_PAUSE_MS);
  }

  draw() {
    fill(this.#running, runningCard(this.#status));
    this.#drawCustomers();
  }

  accepts({ page }) {
    return page === 'home';
  }

  update() {}

  close() {
    this.#end();
  }

  async #look(signal) {
    const before = this.#status?.touchpoints;
    this.#status = await readStatus(signal);
    if (signal.aborted) return;
    fill(this.#running, runningCard(this.#status));
    const hasMore = before === undefined || before !== this.#status.touchpoints;
    if (hasMore || this.#customers === undefined || this.#problem || this.#isWaiting)
      await this.#readCustomers(signal);
    else this.#tellTimes();
    this.#markReady();
  }

  async #readCustomers(signal) {
    try {
      const { items } = await askFor(`/v1/customers?recent=${RECENT_CUSTOMERS}`, { signal });
      const isSame = this.#problem === undefined && JSON.stringify(items) === JSON.stringify(this.#customers);
      this.#customers = items;
      this.#problem = undefined;
      if (isSame) this.#tellTimes();
      else this.#drawCustomers();
    } catch (problem) {
      if (signal.aborted) return;
      this.#problem = problem;
      this.#drawCustomers();
    }
  }

  /** The log has touchpoints, the read model none yet. */
  get #isWaiting() {
    return this.#customers?.length === 0 && this.#status?.touchpoints > 0;
  }

  #drawCustomers() {
    const focused =
      this.#recent.contains(document.activeElement) && document.activeElement.getAttribute('href');
    fill(this.#recent, this.#recentCustomers());
    if (focused)
      this.#recent.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const isOpen = this.#aside.querySelector('details')?.open;
    fill(this.#aside, this.#running, connectCard({ isEmpty: this.#customers?.length === 0, isOpen }));
  }

  #recentCustomers() {
    const heading = element('h2', {}, t('recent'));
    const isBuilding = this.#problem?.code === LOADING && !this.#customers;
    if (isBuilding || this.#isWaiting) return [heading, element('p', { class: 'quiet' }, t('building'))];
    if (this.#problem && !this.#customers) return [heading, problemNote(this.#problem)];
    if (this.#customers === undefined) return [heading, element('p', { class: 'quiet' }, t('loading'))];
    if (this.#customers.length > 0)
      return [heading, element('ol', { class: 'customers' }, this.#customers.map(customerRow))];
    return [element('h2', {}, t('emptyTitle')), element('p', {}, t('emptyText')), firstTouchpointGuide()];
  }

  /** `5 minutes ago` goes on while nothing else happens. */
  #tellTimes() {
    for (const time of this.#recent.querySelectorAll('time'))
      time.textContent = agoNow(time.getAttribute('datetime'));
  }
}

function customerRow(customer) {
  const total = Object.values(customer.counts).reduce((sum, count) => sum + count, 0);
  const call = callName(customer);
  const others = strongestFirst(customer.identifiers)
    .map(({ identifier }) => identifier)
    .filter((identifier) => readIdentifier(identifier).text !== call)
    .slice(0, IDENTIFIERS_SHOWN);
  return element(
    'li',
    {},
    element(
      'a',
      { href: customerAddress(customer.customerid), class: 'row' },
      element('span', { class: 'row-name' }, call ?? t('unnamed')),
      element(
        'span',
        { class: 'row-identifiers' },
        others.map((identifier) => identifierText(identifier, { isLinked: false })),
      ),
      element(
        'span',
        { class: 'row-facts' },
        customer.last && element('time', { datetime: customer.last }, agoNow(customer.last)),
        element('span', {}, t('touchpoints', { n: total })),
      ),
    ),
  );
}

function connectCard({ isEmpty, isOpen }) {
  return element(
    'section',
    { class: 'card' },
    element('h2', {}, t('connect')),
    element(
      'ul',
      { class: 'ways' },
      element('li', {}, element('a', { href: '/docs' }, t('apiPage')), element('span', {}, t('apiPageHint'))),
      element(
        'li',
        {},
        element('a', { href: '/openapi.json' }, t('openapi')),
        element('span', {}, t('openapiHint')),
      ),
    ),
    !isEmpty &&
      element(
        'details',
        { open: isOpen },
        element('summary', {}, t('firstTouchpoint')),
        firstTouchpointGuide(),
      ),
  );
}
