import type { Database } from 'better-sqlite3';
import type { Cell, DigestOptions, FrozenRows, WordTally } from '../generation.ts';
import type { KeyValue } from '../projection.ts';
import { toRow } from '../stored-rows.ts';
import type { Table } from '../table.ts';
import { openLoader } from './connection.ts';
import { digestOf, holdersOf, wordsOf } from './digest.ts';
import { asReadStoreError, failing } from './failures.ts';
import { quote, type SqliteTable } from './schema.ts';

const FIRST_KEY = Number.MIN_SAFE_INTEGER;

/** One moment of a generation's file: a connection of its own that stays in one transaction. */
export class FrozenFile implements FrozenRows {
  readonly position: bigint;
  readonly #db: Database;
  readonly #layouts: ReadonlyMap<string, SqliteTable>;

  private constructor(db: Database, layouts: ReadonlyMap<string, SqliteTable>) {
    this.#db = db;
    this.#layouts = layouts;
    const look = db.prepare('SELECT position FROM checkpoint WHERE id = 1').safeIntegers().pluck();
    this.position = look.get() as bigint;
  }

  static async using<T>(
    file: string,
    layouts: ReadonlyMap<string, SqliteTable>,
    work: (rows: FrozenRows) => Promise<T>,
  ): Promise<T> {
    const db = openLoader(file);
    try {
      const frozen = failing(() => {
        db.exec('BEGIN');
        return new FrozenFile(db, layouts);
      });
      return await work(frozen);
    } finally {
      db.close();
    }
  }

  async digest(options: DigestOptions = {}): Promise<ReadonlyMap<string, string>> {
    const digests = new Map<string, string>();
    for (const layout of this.#layouts.values()) {
      const digesting = digestOf(this.#db, layout, options);
      const digest = await digesting.catch((cause) => {
        throw asReadStoreError(cause);
      });
      digests.set(layout.name, digest);
    }
    return digests;
  }

  async page(
    table: Table<never>,
    { after, limit }: { after?: readonly KeyValue[]; limit: number },
  ): Promise<readonly object[]> {
    const layout = this.#layout(table);
    const columns = layout.columns.map((column) => quote(column.name)).join(', ');
    const key = layout.key.map(quote).join(', ');
    const where = after === undefined ? '' : ` WHERE (${key}) > (${layout.key.map(() => '?').join(', ')})`;
    const sql = `SELECT ${columns} FROM ${quote(layout.name)}${where} ORDER BY ${key} LIMIT ?`;
    const rows = failing(() =>
      this.#db
        .prepare(sql)
        .raw()
        .all(...(after ?? []), limit),
    ) as Cell[][];
    return rows.map((row) => toRow(layout, row));
  }

  async words(
    table: Table<never>,
    { after = '', limit }: { after?: string; limit: number },
  ): Promise<readonly WordTally[]> {
    const layout = this.#layout(table);
    return layout.tokens === undefined ? [] : failing(() => wordsOf(this.#db, layout, after, limit));
  }

  async holding(
    table: Table<never>,
    word: string,
    { after = FIRST_KEY, limit }: { after?: number; limit: number },
  ): Promise<readonly number[]> {
    return failing(() => holdersOf(this.#db, this.#layout(table), word, { after, limit }));
  }

  #layout(table: Table<never>): SqliteTable {
    const layout = this.#layouts.get(table.name);
    if (layout === undefined) throw new Error(`table ${table.name} is not declared by this read model`);
    return layout;
  }
}
