import { durationText } from '../facts/moments.js';
import { askFor, order } from '../server/ask.js';
import { definitions, element, fill } from '../views/element.js';
import { problemNote } from '../views/problem.js';
import { language, named, t } from '../words/language.js';
import { ParkedList } from './parked-list.js';
import { RebuildForm } from './rebuild-form.js';
import { RebuildRow } from './rebuild-row.js';

const SHOWN_REBUILDS = 5;
const LAMPS = { live: 'good', 'catching-up': 'waiting', loading: 'waiting' };

/** One read model: how it stands, its rebuilds, and who is held back. */
export class ReadModelCard {
  #name;
  #path;
  #standing;
  #head = element('div', { class: 'standing' });
  #trouble = element('div', { 'aria-live': 'polite' });
  #actions = element('div', { class: 'actions' });
  #form;
  #rows = new Map();
  #list = element('ol', { class: 'rebuilds' });
  #parked;
  element = element('section', { class: 'card read-model' });

  constructor(name) {
    this.#name = name;
    this.#path = `/v1/readmodels/${encodeURIComponent(name)}`;
    this.#form = new RebuildForm((request) => this.#do(() => order(`${this.#path}/rebuilds`, request)));
    this.#parked = new ParkedList(this.#path, (work) => this.#do(work));
    this.draw();
  }

  set standing(standing) {
    this.#standing = standing;
    this.#drawStanding();
  }

  /** Looks at rebuilds and parked customers. */
  async look(signal) {
    const [rebuilds] = await Promise.all([
      askFor(`${this.#path}/rebuilds?limit=${SHOWN_REBUILDS}`, { signal }),
      this.#parked.look(signal),
    ]);
    this.#showRebuilds(rebuilds.items);
  }

  draw() {
    const rebuild = element('button', { type: 'button', onclick: () => this.#form.toggle() }, t('rebuild'));
    const rollback = element('button', { type: 'button', onclick: () => this.#rollBack() }, t('rollback'));
    fill(this.#actions, rebuild, rollback);
    this.#form.draw();
    this.#parked.draw();
    for (const row of this.#rows.values()) row.draw();
    this.#drawStanding();
    fill(
      this.element,
      this.#head,
      this.#actions,
      this.#trouble,
      this.#form.element,
      element('h3', {}, t('rebuilds')),
      this.#list,
      this.#parked.element,
    );
    if (this.#rows.size === 0) fill(this.#list, element('li', { class: 'quiet' }, t('noRebuilds')));
  }

  #drawStanding() {
    const { state, failure, position, head, lag, rate, generation } = this.#standing ?? {};
    if (state === undefined) return;
    const age = durationText(lag.seconds, language());
    fill(
      this.#head,
      element('h2', {}, this.#name),
      element(
        'p',
        { class: `state ${LAMPS[state] ?? 'bad'}` },
        element('span', { class: 'lamp', 'aria-hidden': 'true' }),
        named('state', state),
        failure && element('code', {}, failure),
      ),
      definitions('numbers', [
        [t('position'), position],
        [t('head'), head],
        [t('lag'), lag.events === 0 ? t('nothingWaits') : t('lagText', { n: lag.events, age })],
        [t('rate'), t('perSecond', { n: Math.round(rate) })],
        [t('generation'), generation ?? '–'],
      ]),
    );
  }

  #showRebuilds(items) {
    if (items.length === 0) return;
    const known = this.#rows;
    this.#rows = new Map(
      items.map((item) => {
        const row =
          known.get(item.job) ??
          new RebuildRow(`${this.#path}/rebuilds/${item.job}`, (work) => this.#do(work));
        row.show(item);
        return [item.job, row];
      }),
    );
    const wanted = [...this.#rows.values()].map((row) => row.element);
    const isOther =
      wanted.length !== this.#list.children.length ||
      wanted.some((row, at) => this.#list.children[at] !== row);
    if (isOther) fill(this.#list, wanted);
  }

  #rollBack() {
    if (confirm(t('rollbackSure', { name: this.#name })))
      void this.#do(() => order(`${this.#path}/rollback`));
  }

  /** What somebody asked for; what is refused is told on this card. Answers whether it was done. */
  async #do(work) {
    try {
      const answer = await work();
      fill(this.#trouble);
      return answer ?? true;
    } catch (problem) {
      fill(this.#trouble, problemNote(problem));
      return undefined;
    }
  }
}
