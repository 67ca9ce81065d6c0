import type { AnyRow } from './cached-row.ts';
import type { Cell, TableChanges } from './generation.ts';
import type { KeyValue } from './projection.ts';
import { RowCells } from './row-cells.ts';
import type { Table } from './table.ts';
import type { TouchedTable, TouchedTables } from './touched-tables.ts';

/** The part of a `RowCache` that belongs to an append-only table: rows on their way out, never looked at again. */
export class InsertBuffer implements TouchedTable {
  readonly table: Table<never>;
  readonly #layout: RowCells;
  readonly #touched: TouchedTables;
  #cells: Cell[] = [];
  /** Of these, how many were there before the event under way. */
  #kept = 0;
  #rows = 0;
  #rowsKept = 0;

  constructor(table: Table<never>, touched: TouchedTables) {
    this.table = table;
    this.#layout = new RowCells(table);
    this.#touched = touched;
  }

  /** Rows since the last `collect`. */
  get changes(): number {
    return this.#rows;
  }

  put(row: object): void {
    this.#layout.check(row as AnyRow);
    if (this.#cells.length === this.#kept) this.#touched.add(this);
    this.#layout.append(row as AnyRow, this.#cells);
    this.#rows++;
  }

  keep(): void {
    this.#kept = this.#cells.length;
    this.#rowsKept = this.#rows;
  }

  *touched(): Iterable<readonly KeyValue[]> {
    const columns = Object.keys(this.table.columns);
    const places = (this.table.key as readonly string[]).map((name) => columns.indexOf(name));
    for (let row = this.#kept; row < this.#cells.length; row += columns.length)
      yield places.map((place) => this.#cells[row + place] as KeyValue);
  }

  takeBack(): void {
    this.#cells.length = this.#kept;
    this.#rows = this.#rowsKept;
  }

  collect(): TableChanges | undefined {
    const cells = this.#cells;
    this.#cells = [];
    this.#kept = 0;
    this.#rows = 0;
    this.#rowsKept = 0;
    return cells.length === 0 ? undefined : { table: this.table, cells, deletes: [] };
  }
}
