import { askFor } from '../server/ask.js';
import { element, fill } from '../views/element.js';
import { problemNote } from '../views/problem.js';
import { moments, t } from '../words/language.js';

const LIMIT = 50;

/** The raw log, filtered, page by page. */
export class LogBrowser {
  #stream = element('input', { name: 'stream', maxlength: 256, autocomplete: 'off', spellcheck: 'false' });
  #type = element('input', {
    name: 'type',
    maxlength: 256,
    list: 'types',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  #after = element('input', {
    name: 'after',
    inputmode: 'numeric',
    pattern: '\\d{1,19}',
    autocomplete: 'off',
  });
  #types = element('datalist', { id: 'types' });
  #form = element('form', { class: 'order' });
  #events = element('ol', { class: 'events' });
  #end = element('div', { 'aria-live': 'polite' });
  #pages = [];
  #next;
  #problem;
  #asking;
  element = element('section', { class: 'card raw-log' });

  constructor() {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#begin();
    });
    void this.#nameTypes();
  }

  draw() {
    this.#stream.placeholder = t('any');
    this.#type.placeholder = t('any');
    this.#after.placeholder = t('fromTheStart');
    fill(
      this.#form,
      element('label', {}, t('type'), this.#type),
      element('label', {}, t('stream'), this.#stream),
      element('label', {}, t('after'), this.#after),
      element('button', { type: 'submit', class: 'main' }, t('show')),
    );
    const head = [element('h2', {}, t('rawLog')), element('p', { class: 'quiet small' }, t('rawLogHint'))];
    fill(this.element, head, this.#types, this.#form, this.#events, this.#end);
    fill(this.#events, this.#pages.flat().map(eventRow));
    this.#drawEnd();
  }

  async #nameTypes() {
    const { items } = await askFor('/v1/event-types').catch(() => ({ items: [] }));
    fill(
      this.#types,
      items.map(({ type }) => element('option', { value: type })),
    );
  }

  #begin() {
    this.#pages = [];
    this.#next = undefined;
    fill(this.#events);
    return this.#more();
  }

  async #more() {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const query = new URLSearchParams({ limit: String(LIMIT) });
    for (const input of [this.#type, this.#stream, this.#after])
      if (input.value.trim() !== '') query.set(input.name, input.value.trim());
    if (this.#next) query.set('cursor', this.#next);
    try {
      const { items, next } = await askFor(`/v1/log?${query}`, { signal: asking.signal });
      this.#pages.push(items);
      this.#next = next;
      this.#problem = undefined;
      this.#events.append(...items.map(eventRow));
    } catch (problem) {
      if (asking.signal.aborted) return;
      this.#problem = problem;
    }
    this.#drawEnd();
  }

  #drawEnd() {
    const isAsked = this.#pages.length > 0;
    fill(
      this.#end,
      this.#problem && problemNote(this.#problem),
      isAsked && this.#next === null && element('p', { class: 'quiet' }, t('nothingMore')),
      this.#next && element('button', { type: 'button', onclick: () => this.#more() }, t('lookOn')),
    );
  }
}

function eventRow({ position, type, recordedtime, stream, envelope, data, sealed, damage, ...rest }) {
  const whole = { position, type, recordedtime, stream, ...rest, envelope, data, sealed };
  return element(
    'li',
    {},
    element(
      'details',
      {},
      element(
        'summary',
        {},
        element('span', { class: 'number' }, position),
        element('span', { class: 'event-type' }, type),
        element('span', { class: 'quiet' }, moments().full(recordedtime)),
        element('code', { class: 'quiet' }, stream),
        damage && element('span', { class: 'badge retracted' }, t('damaged')),
        sealed && element('span', { class: 'badge' }, t('sealed', { n: sealed.characters })),
      ),
      element('pre', {}, JSON.stringify(whole, null, 2)),
    ),
  );
}
