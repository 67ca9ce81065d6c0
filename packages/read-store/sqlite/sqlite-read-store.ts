import { ReadStoreError } from '../errors.ts';
import type { Generation } from '../generation.ts';
import type { JobBoard } from '../jobs.ts';
import type { Leadership } from '../leadership.ts';
import type { ReadModel } from '../projection.ts';
import { type ReadModelReader, type ReadStore, shapeOf, tablesOf } from '../read-store.ts';
import { Catalog } from './catalog.ts';
import { SqliteGeneration } from './sqlite-generation.ts';
import { SqliteGenerations } from './sqlite-generations.ts';
import { SqliteJobs } from './sqlite-jobs.ts';
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
  readonly generations: SqliteGenerations;
  readonly jobs: JobBoard;
  readonly #options: SqliteReadStoreOptions;
  readonly #catalog: Catalog;
  readonly #open = new Set<{ close(): Promise<void> }>();
  #isClosed = false;

  constructor(options: SqliteReadStoreOptions) {
    this.#options = options;
    this.#catalog = new Catalog(options.folder);
    this.generations = new SqliteGenerations(this.#catalog, (model, number) =>
      this.#generation(model, number),
    );
    this.jobs = new SqliteJobs(this.#catalog);
  }

  async openLive(readModel: ReadModel<never>): Promise<Generation> {
    this.#assertOpen();
    const number = this.generations.ensureLive(readModel);
    if (number !== undefined) return this.#generation(readModel, number);
    const message = `read model ${readModel.name} was made by other projections and is to be built anew`;
    throw new ReadStoreError('read-model-outdated', message);
  }

  async openReader(readModel: ReadModel<never> | string): Promise<ReadModelReader> {
    this.#assertOpen();
    const [name, shape] =
      typeof readModel === 'string' ? [readModel, '[]'] : [readModel.name, shapeOf(readModel)];
    return this.#track(new SqliteReader(this.#catalog.folder(name), shape));
  }

  /** Everybody leads: processes of one machine may fold beside one another, and lose the races for each other's steps. */
  async lead(): Promise<Leadership> {
    this.#assertOpen();
    return { lost: new AbortController().signal, resign: async () => {} };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#open].map((opened) => opened.close()));
    this.#open.clear();
    this.#catalog.close();
  }

  async #generation(readModel: ReadModel<never>, number: number): Promise<Generation> {
    this.#assertOpen();
    const { maxFileBytes } = this.#options;
    return this.#track(
      await SqliteGeneration.open(number, {
        file: Catalog.file(this.#catalog.folder(readModel.name), number),
        tables: tablesOf(readModel),
        ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      }),
    );
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new ReadStoreError('read-store-closed', 'the read store is closed');
  }

  #track<T extends { close(): Promise<void> }>(opened: T): T {
    this.#open.add(opened);
    return opened;
  }
}
