import type { Cell } from './generation.ts';
import { isJsonValue } from './json-value.ts';
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
   * step may have built on the row, and other steps would give other rows.
   */
  check(row: Values): void {
    const columns = this.#columns;
    for (let at = 0; at < columns.length; at++) {
      const value = row[columns[at] ?? ''];
      if (typeof value === 'string') {
        const type = this.#types[at];
        if (type === 'integer' || type === 'integer?') this.#refuse(at);
      } else if (value === null || value === undefined) {
        if (!this.#isOptional[at]) this.#refuse(at);
      } else if (this.#isJson[at] ? !isJsonValue(value) : !this.#isInteger(at, value)) this.#refuse(at);
    }
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
