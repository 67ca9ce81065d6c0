import { named, t, typeNamed } from '../words/language.js';
import { NAMES } from '../words/names.js';
import { element, fill } from './element.js';

const TYPING_PAUSE_MS = 300;
const FIELDS = ['q', 'type', 'channel', 'department', 'until', 'retracted'];

/** What of a timeline is shown. Acts at once; there is nothing to submit. */
export class FilterForm {
  node = element('details', { class: 'filter' });
  #filter;
  #onChange;
  #counts = {};
  #departments = [];
  #controls = {};
  #typing;

  constructor({ filter, onChange }) {
    this.#filter = filter;
    this.#onChange = onChange;
    if (this.isActive) this.node.open = true;
  }

  get isActive() {
    return FIELDS.some((field) => this.#filter[field]);
  }

  draw() {
    const select = () => element('select', {});
    this.#controls = {
      q: element('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: 200 }),
      type: select(),
      channel: select(),
      department: select(),
      until: element('input', { type: 'date' }),
      retracted: element('input', { type: 'checkbox' }),
    };
    const { q, type, channel, department, until, retracted } = this.#controls;
    const form = element(
      'form',
      { onsubmit: (event) => this.#submit(event), oninput: (event) => this.#change(event) },
      labelled(t('containing'), q),
      labelled(t('type'), type),
      labelled(t('channel'), channel),
      labelled(t('department'), department),
      labelled(t('until'), until),
      element('label', { class: 'check' }, retracted, t('withRetracted')),
      element('button', { type: 'button', class: 'clear', onclick: () => this.#clear() }, t('clearFilter')),
    );
    fill(this.node, element('summary', {}), form);
    this.#sync();
  }

  setFilter(filter) {
    this.#filter = filter;
    this.#sync();
  }

  setTypes(counts) {
    this.#counts = counts;
    this.#sync();
  }

  /** Departments that occur; those everybody knows are offered anyway. */
  setDepartments(departments) {
    this.#departments = [...new Set([...this.#departments, ...departments])];
    this.#sync();
  }

  #sync() {
    const { q, type, channel, department, until, retracted } = this.#controls;
    const filter = this.#filter;
    const types = Object.entries(this.#counts).sort((a, b) => b[1] - a[1]);
    options(
      type,
      filter.type,
      t('anyType'),
      types.map(([value, count]) => [value, `${typeNamed(value)} (${count})`]),
      typeNamed,
    );
    const channels = Object.keys(NAMES.channel).map((value) => [value, named('channel', value)]);
    options(channel, filter.channel, t('anyChannel'), channels, String);
    const departments = [...new Set([...Object.keys(NAMES.department), ...this.#departments])];
    const offered = departments.map((value) => [value, named('department', value)]);
    options(department, filter.department, t('anyDepartment'), offered, String);
    if (document.activeElement !== q) q.value = filter.q ?? '';
    if (document.activeElement !== until) until.value = filter.until ?? '';
    retracted.checked = Boolean(filter.retracted);
    this.node.classList.toggle('active', this.isActive);
    this.node.querySelector('summary').textContent = t(this.isActive ? 'filtered' : 'filter');
  }

  #clear() {
    clearTimeout(this.#typing);
    this.#controls.q.value = '';
    this.#onChange({});
  }

  #submit(event) {
    event.preventDefault();
    this.#tell();
  }

  #change({ target, isComposing }) {
    if (isComposing) return;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#tell(), target.type === 'search' ? TYPING_PAUSE_MS : 0);
  }

  #tell() {
    clearTimeout(this.#typing);
    const { retracted, ...fields } = this.#controls;
    const chosen = Object.entries(fields).flatMap(([name, { value }]) =>
      value.trim() ? [[name, value.trim()]] : [],
    );
    this.#onChange({ ...Object.fromEntries(chosen), ...(retracted.checked ? { retracted: '1' } : {}) });
  }
}

function labelled(text, control) {
  return element('label', {}, element('span', {}, text), control);
}

/** What is chosen is always among the options, even if it occurs no more. */
function options(select, chosen, any, choices, nameIt) {
  const all =
    chosen && !choices.some(([value]) => value === chosen) ? [...choices, [chosen, nameIt(chosen)]] : choices;
  const made = [['', any], ...all].map(([value, name]) => element('option', { value }, name));
  const isSame =
    select.options.length === made.length &&
    made.every((one, at) => one.value === select.options[at].value && one.text === select.options[at].text);
  if (!isSame) fill(select, made);
  select.value = chosen ?? '';
}
