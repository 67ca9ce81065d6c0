import {
  chooseLanguage,
  language,
  rememberedLanguage,
  rememberLanguage,
  setLanguage,
  t,
  word,
} from './words/language.js';

/** The choice between the languages, and every word that stands in the markup. Begins with the reader's own. */
export class LanguageSwitch {
  #onLanguage;

  /** `onLanguage()` after the language has changed. */
  constructor({ onLanguage }) {
    this.#onLanguage = onLanguage;
    setLanguage(chooseLanguage(rememberedLanguage(), navigator.languages));
    for (const button of document.querySelectorAll('[data-language]'))
      button.addEventListener('click', () => this.#choose(button.dataset.language));
    this.#draw();
  }

  #choose(lang) {
    rememberLanguage(lang);
    setLanguage(lang);
    this.#draw();
    this.#onLanguage();
  }

  #draw() {
    // What has a language of its own keeps it.
    for (const node of document.querySelectorAll('[data-word]'))
      node.textContent = word(node.lang ? node.lang.slice(0, 2) : language(), node.dataset.word);
    for (const node of document.querySelectorAll('[data-word-label]'))
      node.setAttribute('aria-label', t(node.dataset.wordLabel));
    for (const node of document.querySelectorAll('[data-word-placeholder]'))
      node.setAttribute('placeholder', t(node.dataset.wordPlaceholder));
    for (const button of document.querySelectorAll('[data-language]'))
      button.setAttribute('aria-pressed', String(button.dataset.language === language()));
  }
}
