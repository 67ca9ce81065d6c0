import type { KeyValue, Rows, Table } from '@touchline/read-store';
import type { InMemoryRows } from './in-memory-rows.ts';

/** Thrown for a row that is not loaded yet. */
class Asked {}

/**
 * Rows of which nothing is loaded at first, for tests: an ask for what is not loaded stops the fold, takes its changes
 * back and runs it again.
 */
export class AskingRows implements Rows {
  readonly loaded: InMemoryRows;
  readonly #asked = new Set<string>();
  readonly #undo: (() => void)[] = [];

  constructor(rows: InMemoryRows) {
    this.loaded = rows;
  }

  run(fold: (rows: Rows) => void): void {
    this.#asked.clear();
    while (this.#isStopped(fold)) for (const undo of this.#undo.splice(0).reverse()) undo();
    this.#undo.length = 0;
  }

  #isStopped(fold: (rows: Rows) => void): boolean {
    try {
      fold(this);
      return false;
    } catch (failure) {
      if (failure instanceof Asked) return true;
      throw failure;
    }
  }

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    this.#ask([table.name, ...key].join('\0'));
    return this.loaded.get(table, ...key);
  }

  list<Row extends object>(table: Table<Row>, column: keyof Row & string, value: KeyValue): readonly Row[] {
    this.#ask([table.name, 'list', column, value].join('\0'));
    return this.loaded.list(table, column, value);
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    this.#remember(
      table,
      table.key.map((column) => row[column] as KeyValue),
    );
    this.loaded.put(table, row);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.#remember(table, key);
    this.loaded.delete(table, ...key);
  }

  #ask(ask: string): void {
    if (this.#asked.has(ask)) return;
    this.#asked.add(ask);
    throw new Asked();
  }

  #remember<Row extends object>(table: Table<Row>, key: KeyValue[]): void {
    const before = this.loaded.get(table, ...key);
    this.#undo.push(() => {
      if (before === undefined) this.loaded.delete(table, ...key);
      else this.loaded.put(table, before);
    });
  }
}
