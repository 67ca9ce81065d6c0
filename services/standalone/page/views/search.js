import { callName, strongestFirst } from '../facts/identifiers.js';
import { customerAddress } from '../facts/route.js';
import { askFor } from '../server/ask.js';
import { either, moments, t } from '../words/language.js';
import { typeName } from '../words/type-names.js';
import { element, fill } from './element.js';
import { entryIcon } from './icons.js';
import { identifierText, marked } from './identifier.js';
import { problemNote } from './problem.js';

const RESULTS = 20;
const IDENTIFIERS_SHOWN = 3;

/** What a question found: customers first, then touchpoints, each with the words that matched. */
export class SearchPage {
  ready;

  #q;
  #found;
  #problem;
  #names = new Map();
  #asking = new AbortController();
  #node = element('div', { class: 'results' });

  constructor(stage, { q }) {
    this.#q = q;
    fill(stage, this.#node);
    this.draw();
    this.ready = this.#look();
  }

  get title() {
    return this.#q === '' ? t('searchResults') : t('resultsFor', { q: this.#q });
  }

  draw() {
    fill(this.#node, this.#results());
  }

  accepts({ page }) {
    return page === 'search';
  }

  /** The last results stay until the next ones are there. */
  update({ q }) {
    this.#q = q;
    return this.#look();
  }

  close() {
    this.#asking.abort();
  }

  async #look() {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const q = this.#q;
    try {
      const query = new URLSearchParams({ q, limit: RESULTS });
      this.#found = q === '' ? undefined : { q, ...(await askFor(`/v1/search?${query}`, { signal })) };
      this.#problem = undefined;
      this.#learnNames(signal);
    } catch (problem) {
      if (signal.aborted) return;
      this.#problem = problem;
    }
    this.draw();
  }

  /** Hits name their customer by id; who that is comes a moment later. */
  async #learnNames(signal) {
    const { customers = [], entries = [] } = this.#found ?? {};
    for (const customer of customers) this.#names.set(customer.customerid, callName(customer));
    const unknown = new Set(entries.map((hit) => hit.customerid).filter((id) => !this.#names.has(id)));
    const learn = async (id) => {
      const customer = await askFor(`/v1/customers/${encodeURIComponent(id)}`, { signal }).catch(
        () => undefined,
      );
      if (customer !== undefined) this.#names.set(id, callName(customer));
    };
    await Promise.all([...unknown].map(learn));
    if (unknown.size > 0 && !signal.aborted) this.draw();
  }

  #results() {
    const q = this.#q;
    if (this.#problem)
      return [heading(t('searchResults')), problemNote(this.#problem, { retry: () => this.#look() })];
    if (q === '') return [heading(t('searchResults')), element('p', { class: 'quiet' }, t('searchEmpty'))];
    if (!this.#found)
      return [heading(t('resultsFor', { q })), element('p', { class: 'quiet' }, t('loading'))];
    const { customers, entries, q: asked } = this.#found;
    if (customers.length + entries.length === 0)
      return [
        heading(t('nothingFound', { q: asked })),
        element('p', { class: 'quiet' }, t('nothingFoundHint')),
      ];
    return [
      heading(t('resultsFor', { q: asked })),
      section(
        t('customers'),
        'customers',
        customers.map((hit) => customerHit(hit, asked)),
      ),
      section(
        t('entries'),
        'hits',
        entries.map((hit) => entryHit(hit, asked, this.#names)),
      ),
    ];
  }
}

function heading(text) {
  return element('h1', { class: 'results-title' }, text);
}

function section(title, className, rows) {
  if (rows.length === 0) return undefined;
  return element('section', {}, element('h2', {}, title), element('ol', { class: className }, rows));
}

function customerHit({ customerid, name, identifiers, fragment }, q) {
  const uris = strongestFirst(identifiers);
  // What matched comes first, so that it is among those shown.
  const shown = [...new Set([...uris.filter((uri) => uri === fragment), ...uris])].slice(
    0,
    IDENTIFIERS_SHOWN,
  );
  const isShown = fragment === name || shown.includes(fragment);
  const call = callName({ name, identifiers }) ?? t('unnamed');
  return element(
    'li',
    {},
    element(
      'a',
      { href: customerAddress(customerid), class: 'row' },
      element('span', { class: 'row-name' }, marked(call, q)),
      element(
        'span',
        { class: 'row-identifiers' },
        shown.map((uri) => identifierText(uri, { isLinked: false, question: q })),
      ),
      fragment && !isShown && element('span', { class: 'fragment' }, marked(fragment, q)),
    ),
  );
}

function entryHit({ customerid, entry, fragment }, q, names) {
  const { group } = typeName(entry.type);
  return element(
    'li',
    { class: `hit ${group}` },
    element('span', { class: 'mark-of' }, entryIcon(entry, group)),
    element(
      'a',
      { href: customerAddress(customerid, { entry: entry.eventid }), class: 'row' },
      element('span', { class: 'row-name' }, marked(either(entry.title), q)),
      element(
        'span',
        { class: 'row-facts' },
        names.get(customerid) && element('span', { class: 'whose' }, names.get(customerid)),
        element('time', { datetime: entry.time }, moments().minute(entry.time)),
      ),
      fragment && element('span', { class: 'fragment' }, marked(fragment, q)),
    ),
  );
}
