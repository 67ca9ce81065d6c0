import type { Database, Statement } from 'better-sqlite3';
import type { Cell } from '../generation.ts';
import type { StepPart } from '../step-parts.ts';
import type { SqliteTable } from './schema.ts';

/**
 * Rows appended by one statement; more gain nothing further. Rows that may replace others go one by one: a statement that
 * replaces several copies every page it changes to a temporary file first, in case it fails half way.
 */
const ROWS_PER_APPEND = 20;

/** Writes one table's share of a step. */
export class TableWriter {
  readonly layout: SqliteTable;
  readonly #insert: Statement;
  readonly #insertMany: Statement;
  readonly #replace: Statement;
  readonly #rowsPerStatement: number;
  readonly #remove: Statement;
  readonly #insertTokens: Statement | undefined;
  readonly #removeTokens: Statement | undefined;
  /** Where in a row's cells each parameter and each part of the key is. */
  readonly #places: readonly number[];
  readonly #keyPlaces: readonly number[];

  constructor(db: Database, layout: SqliteTable) {
    this.layout = layout;
    this.#rowsPerStatement = layout.appendOnly ? ROWS_PER_APPEND : 1;
    this.#insert = db.prepare(layout.insert(1));
    this.#insertMany = db.prepare(layout.insert(this.#rowsPerStatement));
    this.#replace = db.prepare(layout.replace);
    this.#remove = db.prepare(layout.remove);
    this.#insertTokens = layout.tokens && db.prepare(layout.tokens.insert);
    this.#removeTokens = layout.tokens && !layout.appendOnly ? db.prepare(layout.tokens.remove) : undefined;
    this.#places = layout.columns.map((column) => column.at);
    this.#keyPlaces = layout.key.map(
      (name) => layout.columns.find((column) => column.name === name)?.at ?? 0,
    );
  }

  write({ cells, deletes, replaces }: StepPart): void {
    const keyColumns = this.#keyPlaces.length;
    for (let at = 0; at < deletes.length; at += keyColumns) {
      const key = deletes.slice(at, at + keyColumns);
      this.#remove.run(key);
      this.#removeTokens?.run(key);
    }
    const { width } = this.layout;
    const one = replaces ? this.#replace : this.#insert;
    const many = replaces ? Number.POSITIVE_INFINITY : width * this.#rowsPerStatement;
    let from = 0;
    for (; from + many <= cells.length; from += many)
      this.#insertMany.run(this.#stored(cells, from, from + many));
    for (; from < cells.length; from += width) one.run(this.#stored(cells, from, from + width));
    if (this.layout.tokens !== undefined) this.#writeTokens(cells, this.layout.tokens.at);
  }

  /** The cells of some rows without their words. */
  #stored(cells: readonly Cell[], from: number, to: number): Cell[] {
    if (this.layout.tokens === undefined) return cells.slice(from, to);
    const stored: Cell[] = [];
    for (let row = from; row < to; row += this.layout.width)
      for (const place of this.#places) stored.push(cells[row + place] ?? null);
    return stored;
  }

  /** In order of the key: out of it, the full-text index writes what it has gathered to the file before each row. */
  #writeTokens(cells: readonly Cell[], place: number): void {
    const keyPlace = this.#keyPlaces[0] ?? 0;
    const rows: { key: number; words: Cell }[] = [];
    for (let from = 0; from < cells.length; from += this.layout.width) {
      const words = cells[from + place] ?? null;
      if (words !== null) rows.push({ key: cells[from + keyPlace] as number, words });
    }
    rows.sort((a, b) => a.key - b.key);
    if (this.#removeTokens !== undefined) for (const { key } of rows) this.#removeTokens.run(key);
    for (const { key, words } of rows) if (words !== '') this.#insertTokens?.run(key, words);
  }
}
