import { LanguageSwitch } from './language-switch.js';

const TYPING_PAUSE_MS = 250;

/** What stands around every page: search, language, links. Its elements are those of index.html. */
export class Shell {
  #onSearch;
  #form = document.querySelector('form.search');
  #input = document.querySelector('#q');
  #typing;

  /** `onSearch(q, { isTyping })`; `onLanguage()` after the language has changed. */
  constructor({ onLanguage, onSearch }) {
    new LanguageSwitch({ onLanguage });
    this.#onSearch = onSearch;
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    this.#input.addEventListener('input', (event) => event.isComposing || this.#type());
    this.#input.addEventListener('compositionend', () => this.#type());
    document.querySelector('.skip').addEventListener('click', (event) => {
      event.preventDefault(); // the part after # is the page's address
      document.querySelector('main').focus();
    });
  }

  get isSearching() {
    return document.activeElement === this.#input;
  }

  setRoute(route) {
    document.body.dataset.page = route.page;
    if (!this.isSearching) this.#input.value = route.page === 'search' ? route.q : '';
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
}
