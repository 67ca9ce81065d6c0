import { type JsonFrame, NO_FRAME, type Snapshot, type SqlValue } from '../read-store.ts';
import { searchTerms } from '../search-terms.ts';
import type { Table } from '../table.ts';
import { tokensColumn } from '../table.ts';
import { bigintArray } from './binary-array.ts';
import type { Connection } from './connections.ts';
import type { Found } from './followed-generation.ts';
import { matchTerm } from './match-term.ts';
import { quote } from './names.ts';
import { toPostgres } from './portable-sql.ts';
import { toStored } from './stored-text.ts';

interface JoinedRow {
  readonly texts: Uint8Array;
  /** Null where there is no row. */
  readonly areSmall: boolean | null;
}

/** A transaction under way, seen as a snapshot until `end`. */
export class PostgresSnapshot implements Snapshot {
  readonly position: bigint;
  readonly generation: number;
  readonly #connection: Connection;
  #hasEnded = false;

  private constructor(connection: Connection, { number, position }: Found) {
    this.#connection = connection;
    this.generation = number;
    this.position = position;
  }

  /** The connection serves other reads afterwards: what comes late would see another snapshot. */
  static async using<T>(
    connection: Connection,
    found: Found,
    work: (snapshot: Snapshot) => Promise<T> | T,
  ): Promise<T> {
    const snapshot = new PostgresSnapshot(connection, found);
    try {
      return await work(snapshot);
    } finally {
      snapshot.#hasEnded = true;
    }
  }

  async all<Row extends object>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    this.#assertCurrent();
    const stored = parameters.map(toParameter);
    return this.#connection.rows<Row>(toPostgres(sql), stored, { prepared: true, statement: 'of a query' });
  }

  /** JSON holds no U+0000 and no U+0001, so that it is stored as it is; see `toStored`. */
  async joinedJson(
    table: Table<never>,
    column: string,
    keys: readonly number[],
    { maxBytes, frame = NO_FRAME }: { maxBytes: number; frame?: JsonFrame },
  ): Promise<Uint8Array | undefined> {
    this.#assertCurrent();
    const text = `t.${quote(column)}`;
    const isSmall = `octet_length(${text}) <= $2`;
    const sql =
      `SELECT convert_to($3 || coalesce(string_agg(${text}, ',' ORDER BY k.at) FILTER (WHERE ${isSmall}), '') || $4, 'UTF8') AS texts, ` +
      `bool_and(${isSmall}) AS "areSmall" FROM unnest($1::bigint[]) WITH ORDINALITY AS k (key, at) ` +
      `JOIN ${quote(table.name)} t ON t.${quote(table.key[0] ?? '')} = k.key`;
    const [row] = await this.#connection.rows<JoinedRow>(
      sql,
      [bigintArray(keys), maxBytes, frame.before, frame.after],
      {
        prepared: true,
        statement: 'of a query',
      },
    );
    return row?.areSmall === false ? undefined : row?.texts;
  }

  async search(
    table: Table<never>,
    words: readonly string[],
    { limit, among }: { limit: number; among?: readonly number[] },
  ): Promise<readonly number[]> {
    this.#assertCurrent();
    const match = words.flatMap(searchTerms).map(matchTerm).join(' & ');
    if (match === '' || among?.length === 0) return [];
    const key = quote(table.key[0] ?? '');
    const only = among === undefined ? '' : ` AND ${key} = ANY($3::bigint[])`;
    const sql =
      `SELECT ${key} FROM ${quote(table.name)} WHERE ${quote(tokensColumn(table) ?? '')} @@ $1::tsquery${only} ` +
      `ORDER BY ${key} DESC LIMIT $2`;
    // Not prepared: how many rows hold a word decides how they are best found, and differs from word to word.
    const parameters = [match, limit, ...(among === undefined ? [] : [bigintArray(among)])];
    const { rows } = await this.#connection.run(sql, parameters, { statement: 'of a query' });
    return rows.map(([number]) => Number(number));
  }

  #assertCurrent(): void {
    if (this.#hasEnded) throw new Error('a snapshot cannot be used after its read has ended');
  }
}

/** No number is equal to nothing at all, as on every database. */
function toParameter(value: SqlValue): SqlValue {
  if (typeof value === 'string') return toStored(value);
  return Number.isNaN(value) ? null : value;
}
