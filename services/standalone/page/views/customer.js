import { customerAddress } from '../facts/route.js';
import { ask, askFor } from '../server/ask.js';
import { t } from '../words/language.js';
import { candidatesNote, countsByType, customerFacts } from './customer-facts.js';
import { element, fill } from './element.js';
import { nameOfCustomer } from './identifier.js';
import { identityDetails } from './identity.js';
import { nowhere, problemNote } from './problem.js';
import { Timeline } from './timeline.js';

const REREAD_MS = 1_000;
const MAX_CANDIDATES = 10;
const WIDE = matchMedia('(min-width: 56rem)');

/** One customer: who it is, and everything that happened. */
export class CustomerPage {
  ready;

  #stage;
  #replaceAddress;
  #onTitle;
  #id;
  #filter;
  #customer;
  #candidates = [];
  #problem;
  #isMoved = false;
  #rereadTimer;
  #ending = new AbortController();
  #facts = element('div', { class: 'who-facts' });
  #more = element('div', { class: 'who-more' });
  #timeline;

  constructor(stage, { id, filter }, { replaceAddress, onTitle }) {
    this.#stage = stage;
    this.#replaceAddress = replaceAddress;
    this.#onTitle = onTitle;
    this.#id = id;
    this.#filter = filter;
    this.#timeline = new Timeline({
      id,
      filter,
      onFilter: (next) => replaceAddress(customerAddress(this.#id, next)),
      onChange: () => this.#rereadSoon(),
    });
    fill(
      stage,
      element(
        'div',
        { class: 'customer' },
        element('aside', { class: 'who' }, this.#facts, this.#more),
        this.#timeline.node,
      ),
    );
    this.#drawFacts();
    this.ready = Promise.all([this.#read(), this.#timeline.ready]);
  }

  get title() {
    return this.#customer === undefined ? undefined : nameOfCustomer(this.#customer);
  }

  draw() {
    fill(this.#more);
    this.#drawFacts();
    this.#timeline.draw();
  }

  accepts({ page, id }) {
    return page === 'customer' && id === this.#id;
  }

  update({ filter }) {
    this.#filter = filter;
    if (this.#customer !== undefined) this.#drawMore();
    return this.#timeline.setFilter(filter);
  }

  close() {
    this.#ending.abort();
    clearTimeout(this.#rereadTimer);
    this.#timeline.close();
  }

  async #read() {
    try {
      const { body } = await ask(`/v1/customers/${encodeURIComponent(this.#id)}`, this.#ending);
      this.#customer = body;
      this.#problem = undefined;
    } catch (problem) {
      if (this.#ending.signal.aborted) return;
      this.#problem = problem;
      this.#drawFacts();
      return;
    }
    if (this.#customer.customerid !== this.#id) this.#follow(this.#customer.customerid);
    this.#timeline.setTypes(this.#customer.counts);
    this.#drawFacts();
    this.#onTitle();
    await this.#readCandidates();
  }

  #rereadSoon() {
    clearTimeout(this.#rereadTimer);
    this.#rereadTimer = setTimeout(() => this.#read(), REREAD_MS);
  }

  /** A merge gave the customer another id: the address says so, without a further step back. */
  #follow(current) {
    this.#isMoved = true;
    this.#id = current;
    fill(this.#more);
    this.#replaceAddress(customerAddress(current, this.#filter));
    this.#timeline.setCustomer(current);
  }

  async #readCandidates() {
    const ids = this.#customer.candidates ?? [];
    if (ids.length === 0 && this.#candidates.length === 0) return;
    this.#candidates = await Promise.all(
      ids.slice(0, MAX_CANDIDATES).map((customerid) =>
        askFor(`/v1/customers/${encodeURIComponent(customerid)}`, this.#ending).catch(() => ({
          customerid,
        })),
      ),
    );
    if (!this.#ending.signal.aborted) this.#drawFacts();
  }

  #drawFacts() {
    const problem = this.#problem;
    if (problem?.code === 'unknown-customer') {
      this.#timeline.close();
      fill(this.#stage, nowhere(problem));
    } else if (problem) fill(this.#facts, problemNote(problem, { retry: () => this.#read() }));
    else if (this.#customer === undefined) fill(this.#facts, element('p', { class: 'quiet' }, t('loading')));
    else {
      const candidates = this.#candidates.length > 0 && candidatesNote(this.#candidates);
      fill(this.#facts, customerFacts(this.#customer, { isMoved: this.#isMoved }), candidates);
      this.#drawMore();
    }
  }

  /** What may be folded away stays as the reader left it. */
  #drawMore() {
    const list = countsByType(this.#customer, this.#filter.type);
    const counts = this.#more.querySelector('.by-type');
    if (counts !== null) {
      counts.lastElementChild.replaceWith(list);
      return;
    }
    fill(
      this.#more,
      element('details', { class: 'by-type', open: WIDE.matches }, element('summary', {}, t('byType')), list),
      identityDetails(this.#customer),
    );
  }
}
