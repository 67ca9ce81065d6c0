import { groupByDay } from '../facts/entries.js';
import { moments, t } from '../words/language.js';
import { element, fill } from './element.js';
import { entryItem } from './entry.js';

/** Entries by day, latest first. What the reader has opened stays open. */
export class EntryList {
  node = element('ol', { class: 'days' });
  #open = new Set();

  draw(entries) {
    const focused = document.activeElement?.closest?.('.entry')?.dataset.eventid;
    const days = groupByDay(entries, moments().dayOf);
    fill(
      this.node,
      days.map(({ day, entries: ofDay }) => this.#day(day, ofDay)),
    );
    if (focused !== undefined) this.#item(focused)?.querySelector('summary').focus({ preventScroll: true });
  }

  /** Puts one entry in its place, before `following`, and lets it be seen that it is new. */
  insert(entry, following) {
    const { dayOf } = moments();
    const day = dayOf(entry.time);
    const item = this.#made(entry);
    item.classList.add('new');
    const section = [...this.node.children].find((one) => one.dataset.day === day);
    if (section === undefined) {
      const later = [...this.node.children].find((one) => one.dataset.day < day);
      this.node.insertBefore(this.#dayOf(day, entry.time, [item]), later ?? null);
      return;
    }
    const isSameDay = following !== undefined && dayOf(following.time) === day;
    section.querySelector('.entries').insertBefore(item, isSameDay ? this.#item(following.eventid) : null);
  }

  /** Opens an entry and brings it into view. */
  open(eventid) {
    this.#open.add(eventid);
    const item = this.#item(eventid);
    item.querySelector('details').open = true;
    item.classList.add('named');
    item.scrollIntoView({ block: 'center' });
    item.querySelector('summary').focus({ preventScroll: true });
  }

  #day(day, entries) {
    return this.#dayOf(
      day,
      entries[0].time,
      entries.map((entry) => this.#made(entry)),
    );
  }

  #dayOf(day, time, items) {
    const near = moments().nearDay(time, Date.now());
    return element(
      'li',
      { class: 'day', 'data-day': day },
      element(
        'h3',
        {},
        near && element('strong', {}, t(near)),
        element('time', { datetime: day }, moments().heading(time, Date.now())),
      ),
      element('ol', { class: 'entries' }, items),
    );
  }

  #made(entry) {
    return entryItem(entry, {
      isOpen: this.#open.has(entry.eventid),
      onToggle: (isOpen) => (isOpen ? this.#open.add(entry.eventid) : this.#open.delete(entry.eventid)),
    });
  }

  #item(eventid) {
    return this.node.querySelector(`[data-eventid="${CSS.escape(eventid)}"]`);
  }
}
