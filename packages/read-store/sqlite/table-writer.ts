import type { Database, Statement } from 'better-sqlite3';
import type { Cell } from '../generation.ts';
import type { SqliteTable } from './schema.ts';
import type { WriterChanges } from './writer-protocol.ts';

/** Sorting pays from here on: neighbours in a B-tree are then written together. */
const SORT_FROM_ROWS = 64;

/** Writes one table's share of a step. */
export class TableWriter {
  readonly layout: SqliteTable;
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #insertTokens: Statement | undefined;
  readonly #removeTokens: Statement | undefined;
  /** Where in a row's cells each parameter, each part of the key, and the words are. */
  readonly #places: readonly number[];
  readonly #keyPlaces: readonly number[];

  constructor(db: Database, layout: SqliteTable) {
    this.layout = layout;
    this.#insert = db.prepare(layout.insert);
    this.#remove = db.prepare(layout.remove);
    this.#insertTokens = layout.tokens && db.prepare(layout.tokens.insert);
    this.#removeTokens = layout.tokens && !layout.appendOnly ? db.prepare(layout.tokens.remove) : undefined;
    this.#places = layout.columns.map((column) => column.at);
    this.#keyPlaces = layout.key.map(
      (name) => layout.columns.find((column) => column.name === name)?.at ?? 0,
    );
  }

  write({ cells, deletes }: WriterChanges): void {
    const keyColumns = this.#keyPlaces.length;
    for (let at = 0; at < deletes.length; at += keyColumns) {
      const key = deletes.slice(at, at + keyColumns);
      this.#remove.run(key);
      this.#removeTokens?.run(key);
    }
    const places = this.#places;
    const row: Cell[] = new Array(places.length).fill(null);
    const order = this.#inKeyOrder(cells);
    for (const from of order) {
      for (let at = 0; at < places.length; at++) row[at] = cells[from + (places[at] ?? 0)] ?? null;
      this.#insert.run(row);
    }
    if (this.#insertTokens !== undefined) for (const from of order) this.#writeTokens(cells, from);
  }

  #writeTokens(cells: WriterChanges['cells'], from: number): void {
    const words = cells[from + (this.layout.tokens?.at ?? 0)] ?? null;
    if (words === null) return;
    const key = cells[from + (this.#keyPlaces[0] ?? 0)];
    this.#removeTokens?.run(key);
    if (words !== '') this.#insertTokens?.run(key, words);
  }

  /** Where each row begins. */
  #inKeyOrder(cells: WriterChanges['cells']): number[] {
    const order: number[] = [];
    for (let from = 0; from < cells.length; from += this.layout.width) order.push(from);
    if (this.layout.appendOnly || order.length < SORT_FROM_ROWS) return order;
    const places = this.#keyPlaces;
    return order.sort((a, b) => {
      for (const place of places) {
        const left = cells[a + place] ?? '';
        const right = cells[b + place] ?? '';
        if (left !== right) return left < right ? -1 : 1;
      }
      return 0;
    });
  }
}
