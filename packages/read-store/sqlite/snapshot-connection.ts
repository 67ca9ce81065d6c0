import type { Database, Statement } from 'better-sqlite3';
import { inDialect } from '../portable-sql.ts';
import { type JsonFrame, NO_FRAME, type Snapshot, type SqlValue } from '../read-store.ts';
import { type SearchTerm, searchTerms } from '../search-terms.ts';
import type { Table } from '../table.ts';
import { hasTable, openReader } from './connection.ts';
import { quote, tokensTable } from './schema.ts';

/** Statements kept per connection; services have a few dozen texts, filters make some hundreds. */
const MAX_STATEMENTS = 500;

interface JoinedRow {
  readonly texts: Uint8Array;
  /** Null where there is no row. */
  readonly areSmall: number | null;
}

/** A connection that reads one snapshot at a time. */
export class SnapshotConnection {
  readonly generation: number;
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #checkpoint: Statement;
  #reads = 0;

  private constructor(generation: number, db: Database) {
    this.generation = generation;
    this.#db = db;
    this.#begin = db.prepare('BEGIN');
    this.#commit = db.prepare('COMMIT');
    this.#checkpoint = db.prepare('SELECT position, loading FROM checkpoint WHERE id = 1').safeIntegers();
  }

  /** `undefined` while a projector has made the file and not yet its tables. */
  static open(generation: number, file: string): SnapshotConnection | undefined {
    const db = openReader(file);
    try {
      if (hasTable(db, 'checkpoint')) return new SnapshotConnection(generation, db);
    } catch (cause) {
      db.close();
      throw cause;
    }
    db.close();
    return undefined;
  }

  /** `undefined` when the generation cannot be read yet. */
  begin(): Snapshot | undefined {
    this.#begin.run();
    const { position, loading } = this.#look();
    if (loading === 1n) return undefined;
    const read = ++this.#reads;
    return {
      position,
      generation: this.generation,
      all: async <Row extends object>(sql: string, parameters: readonly SqlValue[] = []) => {
        this.#assertCurrent(read);
        return this.#prepared(sql, toSqlite).all(parameters) as Row[];
      },
      joinedJson: async (table, column, keys, options) => {
        this.#assertCurrent(read);
        return this.#joinedJson(table, column, keys, options);
      },
      search: async (table, words, options) => {
        this.#assertCurrent(read);
        return this.#search(table, words, options);
      },
    };
  }

  end(): void {
    this.#reads++;
    if (this.#db.inTransaction) this.#commit.run();
  }

  position(): bigint {
    const { position, loading } = this.#look();
    return loading === 1n ? 0n : position;
  }

  /** Also while the generation is loading. */
  checkpoint(): bigint {
    return this.#look().position;
  }

  close(): void {
    this.#db.close();
  }

  #look(): { position: bigint; loading: bigint } {
    return this.#checkpoint.get() as { position: bigint; loading: bigint };
  }

  /** The connection serves other reads afterwards: what comes late would see another snapshot. */
  #assertCurrent(read: number): void {
    if (read !== this.#reads) throw new Error('a snapshot cannot be used after its read has ended');
  }

  #search(
    table: Table<never>,
    words: readonly string[],
    { limit, among }: { limit: number; among?: readonly number[] },
  ): number[] {
    const match = words.flatMap(searchTerms).map(matchTerm).join(' AND ');
    if (match === '') return [];
    const name = quote(tokensTable(table));
    // The plus keeps the index from answering key by key: it would match anew for each, which for the beginning of common
    // words takes a hundred milliseconds a key. So it matches once, and what it finds is looked up among the keys.
    const only = among === undefined ? '' : ' AND +rowid IN (SELECT value FROM json_each(?))';
    const parameters = among === undefined ? [match, limit] : [match, JSON.stringify(among), limit];
    const sql = `SELECT rowid AS key FROM ${name} WHERE ${name} MATCH ?${only} ORDER BY rowid DESC LIMIT ?`;
    return (this.#prepared(sql).all(parameters) as { key: number }[]).map((row) => row.key);
  }

  /** CROSS JOIN makes the keys the outer loop, whatever the planner thinks, and so their order that of the texts. */
  #joinedJson(
    table: Table<never>,
    column: string,
    keys: readonly number[],
    { maxBytes, frame = NO_FRAME }: { maxBytes: number; frame?: JsonFrame },
  ): Uint8Array | undefined {
    const text = `t.${quote(column)}`;
    const isSmall = `octet_length(${text}) <= ?`;
    const sql = `SELECT CAST(? || coalesce(group_concat(${text}, ',') FILTER (WHERE ${isSmall}), '') || ? AS BLOB) AS texts, min(${isSmall}) AS areSmall
      FROM json_each(?) k CROSS JOIN ${quote(table.name)} t ON t.${quote(table.key[0] ?? '')} = k.value`;
    const parameters = [frame.before, maxBytes, frame.after, maxBytes, JSON.stringify(keys)];
    const { texts, areSmall } = this.#prepared(sql).get(parameters) as JoinedRow;
    return areSmall === 0 ? undefined : texts;
  }

  #prepared(sql: string, dialect: (sql: string) => string = asItIs): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#db.prepare(dialect(sql));
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function asItIs(sql: string): string {
  return sql;
}

/**
 * Where rows are ordered and a column is compared with a parameter, SQLite plans by the value that is bound, and so prepares
 * the statement anew each time it runs. It looks through no plus.
 */
function toSqlite(sql: string): string {
  return inDialect(sql, { parameter: () => '+?', word: asItIs });
}

function matchTerm({ text, isBeginning }: SearchTerm): string {
  const term = `"${text.replaceAll('"', '""')}"`;
  return isBeginning ? `${term} *` : term;
}
