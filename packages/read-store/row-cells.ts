import type { Cell } from './generation.ts';
import type { Table } from './table.ts';

/** Lays rows of one table out flat: millions of small lists would cost more than what is in them. */
export class RowCells {
  readonly #columns: readonly string[];
  readonly #isJson: readonly boolean[];

  constructor(table: Table<never>) {
    this.#columns = Object.keys(table.columns);
    this.#isJson = Object.values<string>(table.columns).map((type) => type === 'json' || type === 'json?');
  }

  /** Appends the row's cells in the order of the table's columns. Throws for a value that JSON cannot hold. */
  append(row: Readonly<Record<string, unknown>>, cells: Cell[]): void {
    const columns = this.#columns;
    for (let at = 0; at < columns.length; at++) {
      const value = row[columns[at] ?? ''] ?? null;
      cells.push((this.#isJson[at] && value !== null ? JSON.stringify(value) : value) as Cell);
    }
  }
}
