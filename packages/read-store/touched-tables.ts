/** A table that an event has changed. */
export interface TouchedTable {
  /** The event's changes stay. */
  keep(): void;
  /** The event's changes go. */
  takeBack(): void;
}

/** The tables changed by the event under way, so that its end costs nothing for all the others. */
export class TouchedTables {
  readonly #tables: TouchedTable[] = [];
  #count = 0;

  add(table: TouchedTable): void {
    this.#tables[this.#count++] = table;
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
