import {
  chooseLanguage,
  language,
  rememberedLanguage,
  rememberLanguage,
  setLanguage,
  t,
  word,
} from './words/language.js';

const TYPING_PAUSE_MS = 250;

/** What stands around every page: search, language, links. Its elements are those of index.html. */
export class Shell {
  #onLanguage;
  #onSearch;
  #form = document.querySelector('form.search');
  #input = document.querySelector('#q');
  #typing;

  /** `onSearch(q, { isTyping })`; `onLanguage()` after the language has changed. */
  constructor({ onLanguage, onSearch }) {
    this.#onLanguage = onLanguage;
    this.#onSearch = onSearch;
    setLanguage(chooseLanguage(rememberedLanguage(), navigator.languages));
    for (const button of document.querySelectorAll('[data-language]'))
      button.addEventListener('click', () => this.#choose(button.dataset.language));
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    this.#input.addEventListener('input', (event) => event.isComposing || this.#type());
    this.#input.addEventListener('compositionend', () => this.#type());
    document.querySelector('.skip').addEventListener('click', (event) => {
      event.preventDefault(); // the part after # is the page's address
      document.querySelector('main').focus();
    });
    this.#draw();
  }

  get isSearching() {
    return document.activeElement === this.#input;
  }

  setRoute(route) {
    document.body.dataset.page = route.page;
    if (!this.isSearching) this.#input.value = route.page === 'search' ? route.q : '';
  }

  #choose(lang) {
    rememberLanguage(lang);
    setLanguage(lang);
    this.#draw();
    this.#onLanguage();
  }

  #submit(event) {
    event.preventDefault();
    clearTimeout(this.#typing);
    const q = this.#input.value.trim();
    if (q !== '') this.#onSearch(q, { isTyping: false });
  }

  /** Not called while a Chinese word is being put together. */
  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(
      () => this.#onSearch(this.#input.value.trim(), { isTyping: true }),
      TYPING_PAUSE_MS,
    );
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
