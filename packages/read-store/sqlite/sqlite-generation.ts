import type { Database } from 'better-sqlite3';
import type { Ask, Generation, Step } from '../generation.ts';
import type { Table } from '../table.ts';
import { failing, openReader } from './connection.ts';
import { digestOf } from './digest.ts';
import { loadRows } from './load.ts';
import { type SqliteTable, sqliteTable } from './schema.ts';
import { toValues } from './values.ts';
import type { WriterChanges } from './writer-protocol.ts';
import { WriterThread } from './writer-thread.ts';

/** One generation as a SQLite file: written by its own thread, read by the caller's. */
export class SqliteGeneration implements Generation {
  readonly number: number;
  readonly #writer: WriterThread;
  readonly #reader: Database;
  readonly #layouts: ReadonlyMap<string, SqliteTable>;

  private constructor(
    number: number,
    writer: WriterThread,
    reader: Database,
    tables: readonly Table<never>[],
  ) {
    this.number = number;
    this.#writer = writer;
    this.#reader = reader;
    this.#layouts = new Map(tables.map((table) => [table.name, sqliteTable(table)]));
  }

  static async open(
    number: number,
    file: string,
    tables: readonly Table<never>[],
  ): Promise<SqliteGeneration> {
    const writer = new WriterThread({ file, tables });
    await writer.call({ kind: 'open' });
    return new SqliteGeneration(number, writer, openReader(file), tables);
  }

  async checkpoint(): Promise<bigint> {
    return BigInt(this.#checkpoint().position);
  }

  async isLoading(): Promise<boolean> {
    return this.#checkpoint().loading === 1;
  }

  async load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]> {
    return failing(() => loadRows(this.#reader, this.#layouts, asks));
  }

  commit(step: Step): Promise<'committed' | 'lost-race'> {
    return this.#writer.call({ kind: 'commit', from: step.from, to: step.to, changes: this.#flatten(step) });
  }

  finishLoading(): Promise<void> {
    return this.#writer.call({ kind: 'finish-loading' });
  }

  async digest(): Promise<ReadonlyMap<string, string>> {
    return failing(
      () =>
        new Map([...this.#layouts.values()].map((layout) => [layout.name, digestOf(this.#reader, layout)])),
    );
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.#writer.close();
  }

  #checkpoint(): { position: number; loading: number } {
    return failing(
      () =>
        this.#reader.prepare('SELECT position, loading FROM checkpoint WHERE id = 1').get() as {
          position: number;
          loading: number;
        },
    );
  }

  #flatten(step: Step): WriterChanges[] {
    return step.changes.map(({ table, puts, deletes }) => {
      const layout = this.#layouts.get(table.name);
      if (layout === undefined) throw new Error(`table ${table.name} is not declared by this read model`);
      const column = layout.tokens?.column;
      return {
        table: table.name,
        puts: puts.map((row) => toValues(layout, row)),
        tokens:
          column === undefined
            ? []
            : puts.map((row) => String((row as Record<string, unknown>)[column] ?? '')),
        deletes,
      };
    });
  }
}
