import type { Database, Statement } from 'better-sqlite3';
import type { Snapshot, SqlValue } from '../read-store.ts';
import type { Table } from '../table.ts';
import { openReader } from './connection.ts';
import { quote, tokensTable } from './schema.ts';

/** Statements kept per connection; services have a few dozen texts, filters make some hundreds. */
const MAX_STATEMENTS = 500;

/** A connection that reads one snapshot at a time. */
export class SnapshotConnection {
  readonly generation: number;
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #checkpoint: Statement;

  constructor(generation: number, file: string) {
    this.generation = generation;
    this.#db = openReader(file);
    this.#begin = this.#db.prepare('BEGIN');
    this.#commit = this.#db.prepare('COMMIT');
    this.#checkpoint = this.#db.prepare('SELECT position, loading FROM checkpoint WHERE id = 1');
  }

  /** `undefined` when the generation cannot be read yet. */
  begin(): Snapshot | undefined {
    this.#begin.run();
    const { position, loading } = this.#checkpoint.get() as { position: number; loading: number };
    if (loading === 1) return undefined;
    return {
      position: BigInt(position),
      generation: this.generation,
      all: async <Row extends object>(sql: string, parameters: readonly SqlValue[] = []) =>
        this.#prepared(sql).all(parameters) as Row[],
      search: async (table, words, options) => this.#search(table, words, options),
    };
  }

  end(): void {
    if (this.#db.inTransaction) this.#commit.run();
  }

  position(): bigint {
    const { position, loading } = this.#checkpoint.get() as { position: number; loading: number };
    return loading === 1 ? 0n : BigInt(position);
  }

  close(): void {
    this.#db.close();
  }

  #search(
    table: Table<never>,
    words: readonly string[],
    { limit, among }: { limit: number; among?: readonly number[] },
  ): number[] {
    const match = words.map(matchTerm).join(' AND ');
    if (match === '') return [];
    const name = quote(tokensTable(table));
    const only = among === undefined ? '' : ' AND rowid IN (SELECT value FROM json_each(?))';
    const parameters = among === undefined ? [match, limit] : [match, JSON.stringify(among), limit];
    const sql = `SELECT rowid AS key FROM ${name} WHERE ${name} MATCH ?${only} ORDER BY rowid DESC LIMIT ?`;
    return (this.#prepared(sql).all(parameters) as { key: number }[]).map((row) => row.key);
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function matchTerm(word: string): string {
  const prefix = word.endsWith('*');
  const term = `"${(prefix ? word.slice(0, -1) : word).replaceAll('"', '""')}"`;
  return prefix ? `${term} *` : term;
}
