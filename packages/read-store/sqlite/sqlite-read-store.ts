import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ReadStoreError } from '../errors.ts';
import type { Generation } from '../generation.ts';
import type { ReadModel } from '../projection.ts';
import { type ReadModelReader, type ReadStore, shapeOf, tablesOf } from '../read-store.ts';
import { failing } from './failures.ts';
import { LiveGeneration } from './live-generation.ts';
import { SqliteGeneration } from './sqlite-generation.ts';
import { SqliteReader } from './sqlite-reader.ts';

export interface SqliteReadStoreOptions {
  /** One folder in it per read model, one file in that per generation. Made where it is missing. */
  readonly folder: string;
  /** Size a generation's file may grow to before writing fails as `read-store-full`. Unlimited when absent. */
  readonly maxFileBytes?: number;
}

export function openSqliteReadStore(options: SqliteReadStoreOptions): ReadStore {
  return new SqliteReadStore(options);
}

class SqliteReadStore implements ReadStore {
  readonly #options: SqliteReadStoreOptions;
  readonly #open = new Set<{ close(): Promise<void> }>();
  #isClosed = false;

  constructor(options: SqliteReadStoreOptions) {
    this.#options = options;
  }

  async openLive(readModel: ReadModel<never>): Promise<Generation> {
    const folder = this.#folderOf(readModel);
    const number = failing(() => LiveGeneration.ensure(folder, shapeOf(readModel)));
    const { maxFileBytes } = this.#options;
    return this.#track(
      await SqliteGeneration.open(number, {
        file: LiveGeneration.file(folder, number),
        tables: tablesOf(readModel),
        ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      }),
    );
  }

  async openReader(readModel: ReadModel<never>): Promise<ReadModelReader> {
    return this.#track(new SqliteReader(this.#folderOf(readModel), shapeOf(readModel)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#open].map((opened) => opened.close()));
    this.#open.clear();
  }

  #folderOf(readModel: ReadModel<never>): string {
    if (this.#isClosed) throw new ReadStoreError('read-store-closed', 'the read store is closed');
    const folder = join(this.#options.folder, readModel.name);
    failing(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    return folder;
  }

  #track<T extends { close(): Promise<void> }>(opened: T): T {
    this.#open.add(opened);
    return opened;
  }
}
