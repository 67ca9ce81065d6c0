import type { KeyValue } from './projection.ts';

/** A table that an event has changed. */
export interface TouchedTable {
  /** The event's changes stay. */
  keep(): void;
  /** The event's changes go. */
  takeBack(): void;
  /** Keys of rows that the event has changed and no event before it since the last step. */
  touched(): Iterable<readonly KeyValue[]>;
  readonly table: { readonly name: string };
}

/** The tables changed by the event under way, so that its end costs nothing for all the others. */
export class TouchedTables {
  readonly #tables: TouchedTable[] = [];
  #count = 0;

  add(table: TouchedTable): void {
    this.#tables[this.#count++] = table;
  }

  *[Symbol.iterator](): Iterator<TouchedTable> {
    for (let at = 0; at < this.#count; at++) {
      const table = this.#tables[at];
      if (table !== undefined) yield table;
    }
  }

  keep(): void {
    for (let at = 0; at < this.#count; at++) this.#tables[at]?.keep();
    this.#count = 0;
  }

  takeBack(): void {
    for (let at = 0; at < this.#count; at++) this.#tables[at]?.takeBack();
    this.#count = 0;
  }
}
