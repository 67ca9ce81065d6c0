import { LanguageSwitch } from '../language-switch.js';
import { askFor } from '../server/ask.js';
import { repeatWhileVisible } from '../server/repeat.js';
import { element, fill } from '../views/element.js';
import { problemNote } from '../views/problem.js';
import { t } from '../words/language.js';
import { LogBrowser } from './log-browser.js';
import { ReadModelCard } from './read-model-card.js';

const PAUSE_MS = 1_000;

/** How the read models stand, a card each, and the raw log. Looks again every second while it is looked at. */
class OperationsPage {
  #stage = document.querySelector('main');
  #cards = new Map();
  #list = element('div', { class: 'cards' });
  #trouble = element('div', { 'aria-live': 'polite' });
  #log = new LogBrowser();
  #hasAnswer = false;

  start() {
    new LanguageSwitch({ onLanguage: () => this.#draw() });
    this.#draw();
    repeatWhileVisible((signal) => this.#look(signal), PAUSE_MS);
  }

  #draw() {
    document.title = `${t('operations')} · Touchline`;
    const head = element(
      'div',
      { class: 'intro' },
      element('h1', {}, t('operations')),
      element('p', { class: 'quiet' }, t('operationsText')),
    );
    fill(this.#stage, head, this.#trouble, this.#list, this.#log.element);
    for (const card of this.#cards.values()) card.draw();
    this.#log.draw();
    if (this.#hasAnswer && this.#cards.size === 0) fill(this.#list, t('noReadModels'));
  }

  async #look(signal) {
    try {
      const { items } = await askFor('/v1/readmodels', { signal });
      this.#show(items);
      await Promise.all(items.map(({ name }) => this.#cards.get(name).look(signal)));
      fill(this.#trouble);
    } catch (problem) {
      if (!signal.aborted) fill(this.#trouble, problemNote(problem));
    }
  }

  #show(items) {
    this.#hasAnswer = true;
    for (const item of items) {
      if (!this.#cards.has(item.name)) this.#cards.set(item.name, new ReadModelCard(item.name));
      this.#cards.get(item.name).standing = item;
    }
    const wanted = items.map(({ name }) => this.#cards.get(name).element);
    if (wanted.length === 0) fill(this.#list, t('noReadModels'));
    else if (wanted.some((card, at) => this.#list.children[at] !== card)) fill(this.#list, wanted);
  }
}

new OperationsPage().start();
