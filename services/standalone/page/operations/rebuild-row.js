import { durationText } from '../facts/moments.js';
import { order } from '../server/ask.js';
import { element, fill } from '../views/element.js';
import { language, moments, named, t } from '../words/language.js';
import { verificationOf } from './verification.js';

const ACTIVE = ['running', 'catching-up', 'verifying'];
const LAMPS = { promoted: 'good', done: 'good', ready: 'good', failed: 'bad', differs: 'bad' };
/** What can be wished, by state. */
const WISHES = {
  planned: ['cancel'],
  running: ['pause', 'cancel'],
  'catching-up': ['pause', 'cancel'],
  verifying: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  ready: ['promote', 'verify', 'cancel'],
  differs: ['promote', 'verify', 'cancel'],
};

/** One rebuild. Only what has changed is drawn again, so that buttons keep the focus and details stay open. */
export class RebuildRow {
  #path;
  #do;
  #rebuild;
  #head = element('div', { class: 'rebuild-head' });
  #bar = element('progress', { max: 100 });
  #progress = element('div', { class: 'progress' });
  #numbers = element('p', { class: 'quiet small' });
  #actions = element('div', { class: 'actions' });
  #result = element('div');
  #drawn = {};
  element = element('li', { class: 'rebuild' }, this.#head, this.#progress, this.#actions, this.#result);

  /** `attempt(work)` does what somebody asked for, and tells where it fails. */
  constructor(path, attempt) {
    this.#path = path;
    this.#do = attempt;
    this.#progress.append(this.#bar, this.#numbers);
  }

  show(rebuild) {
    this.#rebuild = rebuild;
    const { state, wish, percent, verification, failure } = rebuild;
    this.#part('head', [state, wish], () => this.#drawHead());
    this.#part('actions', [state, wish], () => this.#drawActions());
    this.#part('result', [verification, failure], () => this.#drawResult());
    this.#bar.value = percent;
    this.#bar.hidden = !(state in WISHES);
    this.#bar.setAttribute('aria-label', named('rebuild', state));
    this.#numbers.textContent = numbersOf(rebuild).join(' · ');
  }

  /** Everything anew, in the current language. */
  draw() {
    this.#drawn = {};
    if (this.#rebuild) this.show(this.#rebuild);
  }

  #part(name, facts, draw) {
    const text = JSON.stringify(facts);
    if (this.#drawn[name] === text) return;
    this.#drawn[name] = text;
    draw();
  }

  #drawHead() {
    const { state, wish, reason, by, postedtime } = this.#rebuild;
    fill(
      this.#head,
      element(
        'p',
        { class: `state ${LAMPS[state] ?? (ACTIVE.includes(state) ? 'waiting' : '')}` },
        element('span', { class: 'lamp', 'aria-hidden': 'true' }),
        named('rebuild', state),
        wish && element('span', { class: 'badge' }, `${this.#wishText(wish)}: ${t('wishOpen')}`),
      ),
      element('p', {}, reason),
      element('p', { class: 'quiet small' }, t('askedBy', { by, time: moments().full(postedtime) })),
    );
  }

  #drawActions() {
    const { state, wish } = this.#rebuild;
    const wishes = wish === null ? (WISHES[state] ?? []) : [];
    const button = (name) =>
      element('button', { type: 'button', onclick: () => this.#wish(name) }, this.#wishText(name));
    fill(this.#actions, wishes.map(button));
  }

  #wishText(wish) {
    const words = {
      pause: t('pause'),
      resume: t('resume'),
      cancel: t('cancel'),
      promote: t('promote'),
      verify: t('verifyAgain'),
    };
    return words[wish] ?? wish;
  }

  #wish(name) {
    const { state } = this.#rebuild;
    if (name === 'cancel' && !confirm(t('cancelSure'))) return;
    if (name === 'promote' && state === 'differs' && !confirm(t('promoteSure'))) return;
    void this.#do(() => order(`${this.#path}/${name}`));
  }

  #drawResult() {
    const { verification, failure } = this.#rebuild;
    fill(
      this.#result,
      failure && element('p', { class: 'problem' }, failure),
      verification && verificationOf(verification),
    );
  }
}

/** How far, how fast, how long yet. */
function numbersOf({ state, events, total, rate, eta, seconds, percent, memorybytes }) {
  const length = (value) => durationText(value, language());
  if (state === 'planned')
    return [t('plan', { n: total }), eta !== null && t('planTime', { length: length(eta) })].filter(Boolean);
  if (!(state in WISHES))
    return [t('progressText', { done: events, n: total }), t('took', { length: length(seconds) })];
  return [
    `${percent}%`,
    t('progressText', { done: events, n: total }),
    ACTIVE.includes(state) && t('perSecond', { n: rate }),
    ACTIVE.includes(state) && eta !== null && eta > 0 && t('timeLeft', { length: length(eta) }),
    memorybytes !== null && `${Math.round(memorybytes / 1_048_576)} MiB`,
  ].filter(Boolean);
}
