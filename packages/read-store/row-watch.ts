import type { CachedRow } from './cached-row.ts';

/** Tells whether any of some rows has changed since it was looked at. */
export class RowWatch {
  readonly #rows = new Set<CachedRow>();
  isBroken = true;

  begin(): void {
    this.#rows.clear();
    this.isBroken = false;
  }

  add(place: CachedRow): void {
    this.#rows.add(place);
  }

  changed(place: CachedRow): void {
    if (this.#rows.size > 0 && this.#rows.has(place)) this.isBroken = true;
  }
}
