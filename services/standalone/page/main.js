import { readRoute, searchAddress } from './facts/route.js';
import { placeBeforeSignIn } from './server/ask.js';
import { Shell } from './shell.js';
import { CustomerPage } from './views/customer.js';
import { fill } from './views/element.js';
import { HomePage } from './views/home.js';
import { nowhere } from './views/problem.js';
import { SearchPage } from './views/search.js';

const PAGES = { home: HomePage, search: SearchPage, customer: CustomerPage };

/** Which page is shown, by the address; and where the reader was in each step of the history. */
class Navigation {
  #stage = document.querySelector('main');
  #shell;
  #page;
  #step = 0;
  #places = new Map();

  constructor() {
    this.#shell = new Shell({
      onLanguage: () => {
        this.#page?.draw();
        this.#tellTitle();
      },
      onSearch: (q, { isTyping }) => this.#search(q, isTyping),
    });
  }

  start() {
    history.scrollRestoration = 'manual';
    const place = placeBeforeSignIn();
    if (place && !location.hash) history.replaceState(null, '', place);
    addEventListener('hashchange', () => this.#go());
    this.#go();
  }

  /** A step forward begins at the top, a step back where it was left. */
  async #go() {
    this.#places.set(this.#step, scrollY);
    const known = history.state?.step;
    this.#step = known ?? Date.now();
    if (known === undefined) history.replaceState({ step: this.#step }, '');
    const page = this.#show();
    if (known === undefined) scrollTo(0, 0);
    await page?.ready;
    if (page === this.#page && known !== undefined) scrollTo(0, this.#places.get(known) ?? 0);
  }

  #show() {
    const route = readRoute(location.hash);
    this.#shell.setRoute(route);
    if (this.#page?.accepts(route)) this.#page.update(route);
    else this.#open(route);
    this.#tellTitle();
    return this.#page;
  }

  #open(route) {
    this.#page?.close();
    const Page = PAGES[route.page];
    const tools = { replaceAddress: (address) => this.#replace(address), onTitle: () => this.#tellTitle() };
    this.#page = Page === undefined ? new UnknownPage(this.#stage) : new Page(this.#stage, route, tools);
    if (!this.#shell.isSearching) this.#stage.focus({ preventScroll: true });
  }

  /** Another address for what is shown, in the same step of the history. */
  #replace(address) {
    history.replaceState(history.state, '', address);
    this.#show();
  }

  #search(q, isTyping) {
    const address = searchAddress(q);
    if (location.hash === address) return;
    if (isTyping && readRoute(location.hash).page === 'search') this.#replace(address);
    else if (!isTyping) location.hash = address;
  }

  #tellTitle() {
    const title = this.#page?.title;
    document.title = title ? `${title} · Touchline` : 'Touchline';
  }
}

class UnknownPage {
  #stage;
  title;
  ready;

  constructor(stage) {
    this.#stage = stage;
    this.draw();
  }

  draw() {
    fill(this.#stage, nowhere());
  }

  accepts() {
    return false;
  }

  close() {}
}

new Navigation().start();
