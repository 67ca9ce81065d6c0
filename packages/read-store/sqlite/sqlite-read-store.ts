import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Generation } from '../generation.ts';
import type { ReadModel } from '../projection.ts';
import { type ReadModelReader, type ReadStore, shapeOf, tablesOf } from '../read-store.ts';
import { failing } from './connection.ts';
import { LiveGeneration } from './live-generation.ts';
import { SqliteGeneration } from './sqlite-generation.ts';
import { SqliteReader } from './sqlite-reader.ts';

export interface SqliteReadStoreOptions {
  /** One folder in it per read model, one file in that per generation. Made where it is missing. */
  readonly folder: string;
}

export function openSqliteReadStore(options: SqliteReadStoreOptions): ReadStore {
  return new SqliteReadStore(options.folder);
}

class SqliteReadStore implements ReadStore {
  readonly #folder: string;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async openLive(readModel: ReadModel<never>): Promise<Generation> {
    const folder = this.#folderOf(readModel);
    const number = failing(() => LiveGeneration.ensure(folder, shapeOf(readModel)));
    const file = LiveGeneration.file(folder, number);
    return this.#track(await SqliteGeneration.open(number, file, tablesOf(readModel)));
  }

  async openReader(readModel: ReadModel<never>): Promise<ReadModelReader> {
    return this.#track(new SqliteReader(this.#folderOf(readModel), shapeOf(readModel)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((opened) => opened.close()));
  }

  #folderOf(readModel: ReadModel<never>): string {
    const folder = join(this.#folder, readModel.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  #track<T extends { close(): Promise<void> }>(opened: T): T {
    this.#open.add(opened);
    return opened;
  }
}
