import { element, fill } from '../views/element.js';
import { t } from '../words/language.js';

/** Asks for a rebuild: why, what happens when it is equal, and how fast. What was typed stays when the language changes. */
export class RebuildForm {
  #order;
  #reason = element('input', { name: 'reason', required: true, maxlength: 2000, autocomplete: 'off' });
  #promote = element('select', { name: 'promote' });
  #rate = element('input', { name: 'rate', type: 'number', min: 1, max: 1_000_000, step: 1 });
  element = element('form', { class: 'order', hidden: true });

  /** `order(request)` answers something when it was accepted. */
  constructor(order) {
    this.#order = order;
    this.element.addEventListener('submit', (event) => this.#submit(event));
  }

  toggle() {
    this.element.hidden = !this.element.hidden;
    if (!this.element.hidden) this.#reason.focus();
  }

  draw() {
    const chosen = this.#promote.value || 'manual';
    const choices = [
      ['manual', t('promoteManual')],
      ['auto', t('promoteAuto')],
      ['never', t('promoteNever')],
    ];
    fill(
      this.#promote,
      choices.map(([value, text]) => element('option', { value, selected: value === chosen }, text)),
    );
    this.#reason.placeholder = t('whyHint');
    this.#rate.placeholder = t('throttleHint');
    fill(
      this.element,
      element('label', { class: 'wide' }, t('why'), this.#reason),
      element('label', {}, t('afterwards'), this.#promote),
      element('label', {}, t('throttle'), this.#rate),
      element('button', { type: 'submit', class: 'main' }, t('begin')),
    );
  }

  async #submit(event) {
    event.preventDefault();
    const eventspersecond = this.#rate.valueAsNumber;
    const isAccepted = await this.#order({
      reason: this.#reason.value.trim(),
      promote: this.#promote.value,
      ...(Number.isNaN(eventspersecond) ? {} : { eventspersecond }),
    });
    if (isAccepted === undefined) return;
    this.#reason.value = '';
    this.element.hidden = true;
  }
}
