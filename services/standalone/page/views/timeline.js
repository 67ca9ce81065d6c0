import { amendsOthers, passes, withEntries, withEntry } from '../facts/entries.js';
import { endOfDay, timelineQuery } from '../facts/route.js';
import { askFor } from '../server/ask.js';
import { followTimeline } from '../server/live.js';
import { either, moments, t } from '../words/language.js';
import { element, fill } from './element.js';
import { EntryList } from './entry-list.js';
import { FilterForm } from './filter-form.js';
import { problemNote } from './problem.js';

const PAGE_ENTRIES = 50;
/** How far back an entry that the address names is looked for. */
const MAX_PAGES_SEARCHED = 10;
/** Entries are read once the live stream has begun, so that none falls between the two; but not later than this. */
const STREAM_WAIT_MS = 800;
const REREAD_MS = 400;

/** A customer's timeline: pages of entries, a filter, and what comes in while it is looked at. */
export class Timeline {
  node = element('section', { class: 'timeline' });
  /** Resolves when the first page, or the reason why there is none, is shown. */
  ready;

  #id;
  #filter;
  #onFilter;
  #onChange;
  #entries = [];
  #next = null;
  #isLoaded = false;
  #problem;
  #state = 'connecting';
  #shownEntry;
  #reading = new AbortController();
  #timers = {};
  #markReady;
  #unfollow;
  #list = new EntryList();
  #form;
  #live = element('p', { class: 'live', role: 'status' });
  #zone = element('p', { class: 'quiet zone' });
  #news = element('p', { class: 'unseen', 'aria-live': 'polite' });
  #foot = element('div', { class: 'timeline-foot' });

  /** `onFilter(filter)`: the reader chose another filter. `onChange()`: the customer's figures may have changed. */
  constructor({ id, filter, onFilter, onChange }) {
    this.#id = id;
    this.#filter = filter;
    this.#onFilter = onFilter;
    this.#onChange = onChange;
    this.#form = new FilterForm({ filter, onChange: (next) => this.#choose(next) });
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.draw();
    this.#follow();
  }

  draw() {
    this.#form.draw();
    this.#list.draw(this.#entries);
    this.#zone.textContent = t('timesIn', { zone: moments().zone(Date.now()) });
    const title = element('h2', {}, t('timeline'));
    fill(
      this.node,
      element('header', { class: 'timeline-head' }, title, this.#live, this.#zone),
      this.#form.node,
      this.#news,
      this.#list.node,
      this.#foot,
    );
    this.#drawLive();
    this.#drawFoot();
  }

  close() {
    this.#unfollow();
    this.#reading.abort();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  setTypes(counts) {
    this.#form.setTypes(counts);
  }

  /** Reads anew when the filter is another one. */
  setFilter(filter) {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return undefined;
    this.#filter = filter;
    this.#form.setFilter(filter);
    return this.#load();
  }

  setCustomer(id) {
    this.#id = id;
    this.#unfollow();
    this.#isLoaded = false;
    this.#follow();
  }

  #follow() {
    let hasBegun = false;
    const begin = () => {
      if (hasBegun) this.#onChange();
      hasBegun = true;
      return this.#isLoaded ? this.#reread() : this.#load();
    };
    this.#timers.stream = setTimeout(() => hasBegun || begin(), STREAM_WAIT_MS);
    this.#unfollow = followTimeline(this.#id, {
      onOpen: begin,
      onEntry: (entry) => this.#take(entry),
      onCustomer: () => {
        this.#onChange();
        this.#rereadSoon();
      },
      onState: (state) => {
        this.#state = state;
        this.#drawLive();
      },
    });
  }

  #choose(filter) {
    // Whoever changes the filter is no longer looking for the one entry the address named.
    const { entry, ...rest } = filter;
    this.#onFilter(rest);
  }

  /** The first page. */
  async #load() {
    this.#list.node.setAttribute('aria-busy', 'true');
    const page = await this.#read((signal) => this.#page(signal));
    if (page === undefined) return;
    this.#entries = page.items;
    this.#next = page.next;
    this.#isLoaded = true;
    this.#show();
    await this.#showNamedEntry();
    this.#markReady();
  }

  async #loadOlder() {
    const page = await this.#read((signal) => this.#page(signal, this.#next));
    if (page === undefined) return;
    this.#entries = withEntries(this.#entries, page.items);
    this.#next = page.next;
    this.#show();
  }

  /** As many entries as are shown, as they are now. */
  async #reread() {
    const wanted = this.#entries.length;
    const read = await this.#read(async (signal) => {
      let page = await this.#page(signal);
      let items = page.items;
      while (items.length < wanted && page.next !== null) {
        page = await this.#page(signal, page.next);
        items = [...items, ...page.items];
      }
      return { items, next: page.next };
    });
    if (read === undefined) return;
    const isSame = JSON.stringify(read.items) === JSON.stringify(this.#entries);
    this.#entries = read.items;
    this.#next = read.next;
    if (isSame) this.#drawFoot();
    else this.#show();
  }

  #rereadSoon() {
    clearTimeout(this.#timers.reread);
    this.#timers.reread = setTimeout(() => this.#reread(), REREAD_MS);
  }

  /** One reading at a time: a later one replaces the one under way. Answers nothing when it failed or was replaced. */
  async #read(reading) {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    try {
      const read = await reading(signal);
      if (signal.aborted) return undefined;
      this.#problem = undefined;
      return read;
    } catch (problem) {
      if (signal.aborted) return undefined;
      this.#problem = problem;
      this.#drawFoot();
      this.#markReady();
      return undefined;
    }
  }

  #page(signal, cursor) {
    const query = timelineQuery(this.#filter, { limit: PAGE_ENTRIES, cursor });
    return askFor(`/v1/customers/${encodeURIComponent(this.#id)}/timeline?${query}`, { signal });
  }

  #take(entry) {
    this.#onChange();
    const passing = passes(entry, this.#filter, endOfDay(this.#filter.until));
    if (amendsOthers(entry) || passing === 'ask') this.#rereadSoon();
    if (passing !== 'yes' || !this.#isLoaded) return;
    const { entries, at, isNew } = withEntry(this.#entries, entry);
    // Older than everything shown, with more to load: it comes with its page.
    if (at === entries.length - 1 && this.#next !== null) return;
    this.#entries = entries;
    if (!isNew) return this.#show();
    this.#list.insert(entry, entries[at + 1]);
    this.#news.textContent = either(entry.title);
    this.#drawFoot();
  }

  /** Opens the entry that the address names; where it is older than the first page, that day is shown. */
  async #showNamedEntry() {
    const wanted = this.#filter.entry;
    if (wanted === undefined || wanted === this.#shownEntry) return;
    for (let page = 1; !this.#holds(wanted) && this.#filter.until && this.#next !== null; page++) {
      if (page === MAX_PAGES_SEARCHED) break;
      await this.#loadOlder();
    }
    if (this.#holds(wanted)) {
      this.#shownEntry = wanted;
      this.#list.open(wanted);
    } else if (!this.#filter.until) await this.#goToDayOf(wanted);
  }

  async #goToDayOf(eventid) {
    const entry = await this.#read((signal) =>
      askFor(`/v1/entries/${encodeURIComponent(eventid)}`, { signal }),
    );
    if (entry === undefined) return;
    this.#onFilter({
      entry: eventid,
      until: moments().dayOf(entry.time),
      ...(entry.retracted ? { retracted: '1' } : {}),
    });
  }

  #holds(eventid) {
    return this.#entries.some((entry) => entry.eventid === eventid);
  }

  #show() {
    this.#list.draw(this.#entries);
    this.#form.setDepartments(this.#entries.map(({ department }) => department));
    this.#drawFoot();
  }

  #drawLive() {
    const lamp = element('span', { class: 'lamp', 'aria-hidden': 'true' });
    this.#live.dataset.state = this.#state;
    this.#live.title = this.#state === 'live' ? t('liveHint') : '';
    fill(this.#live, lamp, t(this.#state));
  }

  #drawFoot() {
    const retry = () => (this.#isLoaded ? this.#reread() : this.#load());
    if (this.#isLoaded || this.#problem) this.#list.node.removeAttribute('aria-busy');
    if (this.#problem) fill(this.#foot, problemNote(this.#problem, { retry }));
    else if (!this.#isLoaded) fill(this.#foot, t('loading'));
    else if (this.#next !== null)
      fill(
        this.#foot,
        element('button', { type: 'button', onclick: () => this.#loadOlder() }, t('loadOlder')),
      );
    else fill(this.#foot, this.#endNote());
  }

  #endNote() {
    if (this.#entries.length > 0) return t('beginning');
    return t(this.#form.isActive ? 'noEntries' : 'noEntriesAtAll');
  }
}
