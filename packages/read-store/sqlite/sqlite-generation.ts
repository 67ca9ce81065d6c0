import type { Database, Statement } from 'better-sqlite3';
import { ReadStoreError } from '../errors.ts';
import type { Ask, FrozenRows, Generation, Standing, Step, StepStart, TableChanges } from '../generation.ts';
import { partsOf } from '../step-parts.ts';
import { openLoader } from './connection.ts';
import { failing } from './failures.ts';
import { FrozenFile } from './frozen-file.ts';
import { RowLoader } from './load.ts';
import { type SqliteTable, sqliteTable } from './schema.ts';
import type { WriterSetup } from './writer-protocol.ts';
import { WriterThread } from './writer-thread.ts';

/** One generation as a SQLite file: written by its own thread, read by the caller's. */
export class SqliteGeneration implements Generation {
  readonly number: number;
  readonly #writer: WriterThread;
  readonly #file: string;
  readonly #db: Database;
  readonly #layouts: ReadonlyMap<string, SqliteTable>;
  readonly #loader: RowLoader;
  readonly #checkpoint: Statement;
  /** The writer has begun the next step. */
  #isStaged = false;

  private constructor(number: number, writer: WriterThread, setup: WriterSetup) {
    this.number = number;
    this.#writer = writer;
    this.#file = setup.file;
    this.#db = openLoader(setup.file);
    this.#layouts = new Map(setup.tables.map((table) => [table.name, sqliteTable(table)]));
    this.#loader = new RowLoader(this.#db, this.#layouts);
    this.#checkpoint = this.#db
      .prepare('SELECT position, steps, loading FROM checkpoint WHERE id = 1')
      .safeIntegers();
  }

  static async open(number: number, setup: WriterSetup): Promise<SqliteGeneration> {
    const writer = new WriterThread(setup);
    try {
      await writer.call({ kind: 'open' });
      return failing(() => new SqliteGeneration(number, writer, setup));
    } catch (failure) {
      await writer.close();
      throw failure;
    }
  }

  async checkpoint(): Promise<bigint> {
    return (await this.standing()).position;
  }

  async standing(): Promise<Standing> {
    const { position, steps } = this.#look();
    return { position, steps: Number(steps) };
  }

  async isLoading(): Promise<boolean> {
    return this.#look().loading === 1n;
  }

  async load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]> {
    return this.#reading(() => this.#loader.load(asks));
  }

  async commit({ from, to, steps, changes }: Step): Promise<'committed' | 'lost-race'> {
    this.stage({ from, steps }, changes);
    this.#isStaged = false;
    return this.#writer.call({ kind: 'end', to });
  }

  stage(start: StepStart, changes: readonly TableChanges[]): void {
    if (!this.#isStaged) this.#writer.tell({ kind: 'begin', start });
    this.#isStaged = true;
    try {
      for (const part of partsOf(changes)) this.#writer.tell({ kind: 'part', part });
    } catch (cause) {
      this.unstage();
      if (!(cause instanceof DOMException) || cause.name !== 'DataCloneError') throw cause;
      throw new ReadStoreError('row-refused', `a row holds what is no value: ${cause.message}`, { cause });
    }
  }

  unstage(): void {
    if (this.#isStaged && this.#db.open) this.#writer.tell({ kind: 'abandon' });
    this.#isStaged = false;
  }

  finishLoading(): Promise<void> {
    return this.#writer.call({ kind: 'finish-loading' });
  }

  digest(): Promise<ReadonlyMap<string, string>> {
    return this.frozen((rows) => rows.digest());
  }

  async frozen<T>(work: (rows: FrozenRows) => Promise<T>): Promise<T> {
    return this.#reading(() => FrozenFile.using(this.#file, this.#layouts, work));
  }

  async close(): Promise<void> {
    this.#db.close();
    await this.#writer.close();
  }

  #look(): { position: bigint; steps: bigint; loading: bigint } {
    return this.#reading(
      () => this.#checkpoint.get() as { position: bigint; steps: bigint; loading: bigint },
    );
  }

  #reading<T>(work: () => T): T {
    if (!this.#db.open) throw new ReadStoreError('read-store-closed', 'the read model is closed');
    return failing(work);
  }
}
