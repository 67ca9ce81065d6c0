import type { Cell } from './generation.ts';
import { jsonSize } from './json-value.ts';
import type { ColumnType, Table } from './table.ts';

type Values = Readonly<Record<string, unknown>>;

/** Checks rows of one table and lays them out flat: millions of small lists would cost more than what is in them. */
export class RowCells {
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #types: readonly ColumnType[];
  readonly #isJson: readonly boolean[];
  readonly #isOptional: readonly boolean[];

  constructor(table: Table<never>) {
    this.#table = table.name;
    this.#columns = Object.keys(table.columns);
    this.#types = Object.values(table.columns);
    this.#isJson = this.#types.map((type) => type === 'json' || type === 'json?');
    this.#isOptional = this.#types.map((type) => type.endsWith('?') || type === 'tokens');
  }

  /**
   * Throws for a row that does not fit the table. Must not wait for the database to say so: by then later events of the same
   * step may have built on the row, and other steps would give other rows. Answers about how many characters it has.
   */
  check(row: Values): number {
    const columns = this.#columns;
    let size = 0;
    for (let at = 0; at < columns.length; at++) {
      const value = row[columns[at] ?? ''];
      if (typeof value === 'string') {
        const type = this.#types[at];
        if (type === 'integer' || type === 'integer?') this.#refuse(at);
        size += value.length;
      } else if (value === null || value === undefined) {
        if (!this.#isOptional[at]) this.#refuse(at);
      } else if (this.#isJson[at]) {
        size += jsonSize(value);
        if (Number.isNaN(size)) this.#refuse(at);
      } else if (!this.#isInteger(at, value)) this.#refuse(at);
    }
    return size;
  }

  /** As `check` answers, of a row that is known to fit. */
  sizeOf(row: Values): number {
    const columns = this.#columns;
    let size = 0;
    for (let at = 0; at < columns.length; at++) {
      const value = row[columns[at] ?? ''];
      if (typeof value === 'string') size += value.length;
      else if (this.#isJson[at]) size += jsonSize(value ?? null);
    }
    return size;
  }

  /** Appends the row's cells in the order of the table's columns. */
  append(row: Values, cells: Cell[]): void {
    const columns = this.#columns;
    for (let at = 0; at < columns.length; at++) {
      const value = row[columns[at] ?? ''] ?? null;
      cells.push((this.#isJson[at] && value !== null ? JSON.stringify(value) : value) as Cell);
    }
  }

  #isInteger(at: number, value: unknown): boolean {
    const type = this.#types[at];
    return (type === 'integer' || type === 'integer?') && Number.isSafeInteger(value);
  }

  #refuse(at: number): never {
    throw new TypeError(`table ${this.#table}: column ${this.#columns[at]} takes ${this.#types[at]}`);
  }
}
