import { customerAddress } from '../facts/route.js';
import { askFor, order } from '../server/ask.js';
import { element, fill } from '../views/element.js';
import { moments, t } from '../words/language.js';

const LIMIT = 20;
const OVER = ['done', 'failed', 'cancelled'];
const LOOK_MS = 300;
const MAX_LOOKS = 200;

/** Who is held back in one read model, longest waiting first. */
export class ParkedList {
  #path;
  #do;
  #seen;
  #drawn;
  #items = element('ol', { class: 'parked' });
  #told = element('p', { role: 'status', class: 'quiet' });
  element = element('div');

  constructor(path, attempt) {
    this.#path = path;
    this.#do = attempt;
  }

  async look(signal) {
    this.#seen = await askFor(`${this.#path}/parked?limit=${LIMIT}`, { signal }).catch((problem) => {
      // A read model that cannot be read is told of on its card already.
      if (signal.aborted) throw problem;
      return { items: [], next: null };
    });
    this.#drawItems();
  }

  draw() {
    this.#drawn = undefined;
    this.#told.textContent = '';
    fill(
      this.element,
      element('h3', {}, t('parkedTitle')),
      element('p', { class: 'quiet small' }, t('parkedHint')),
      this.#told,
      this.#items,
    );
    this.#drawItems();
  }

  /** Only when it has changed, so that buttons keep the focus. */
  #drawItems() {
    const text = JSON.stringify(this.#seen);
    if (this.#seen === undefined || text === this.#drawn) return;
    this.#drawn = text;
    const { items, next } = this.#seen;
    fill(
      this.#items,
      items.length === 0 && element('li', { class: 'quiet' }, t('nobodyParked')),
      items.map((item) => this.#row(item)),
      items.length > 1 &&
        element(
          'li',
          {},
          element('button', { type: 'button', onclick: () => this.#retryAll() }, t('retryAll')),
          next && ' …',
        ),
    );
  }

  #row({ subject, reason, position, since, waiting }) {
    return element(
      'li',
      { class: 'parked-row' },
      element('a', { href: `/${customerAddress(subject)}` }, element('code', {}, subject)),
      element('span', {}, t('waits', { n: waiting })),
      element('span', { class: 'quiet' }, t('since', { time: moments().full(since) })),
      element('span', { class: 'quiet' }, `${t('firstEvent')} ${position}`),
      element('span', { class: 'reason' }, reason ?? t('behindAnother')),
      element('button', { type: 'button', onclick: () => this.#retry(subject) }, t('retry')),
    );
  }

  #retryAll() {
    void this.#do(() => order(`${this.#path}/parked/retry`));
  }

  async #retry(subject) {
    const asked = await this.#do(() => order(`${this.#path}/parked/${subject}/retry`));
    if (asked === undefined) return;
    const job = await this.#do(() => this.#outcome(asked));
    if (job !== undefined) this.#told.textContent = t('retryFolded', { n: job.folded, left: job.waiting });
  }

  async #outcome(asked) {
    let job = asked;
    for (let looks = 0; looks < MAX_LOOKS && !OVER.includes(job.state); looks++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      job = await askFor(`${this.#path}/jobs/${asked.job}`);
    }
    return job;
  }
}
