import { ReadStoreError } from '../errors.ts';
import type { Generation } from '../generation.ts';
import type { JobBoard } from '../jobs.ts';
import type { Leadership } from '../leadership.ts';
import type { ReadModel } from '../projection.ts';
import { type ReadModelReader, type ReadStore, shapeOf, tablesOf } from '../read-store.ts';
import { Catalog } from './catalog.ts';
import { type ConnectionAccess, type ConnectionLimits, closed } from './connections.ts';
import { takeLead } from './leader-lock.ts';
import { LivePointer } from './live-pointer.ts';
import { Names } from './names.ts';
import { PostgresGeneration } from './postgres-generation.ts';
import { PostgresGenerations } from './postgres-generations.ts';
import { PostgresJobs } from './postgres-jobs.ts';
import { PostgresReader } from './postgres-reader.ts';
import { postgresTable } from './schema.ts';

export interface PostgresReadStoreOptions {
  /**
   * `postgres://user:password@host:port/database`, with the parameters that `pg` knows, `sslmode` among them, and `schema`:
   * that of the catalogue, and beginning of the names of all others. Default `touchline`; each installation in a database
   * needs one of its own.
   */
  readonly url: string;
  /** Reads that run at once in each reader. Default 8. */
  readonly maxReads?: number;
  readonly limits?: Partial<ConnectionLimits>;
}

/**
 * Read models in a PostgreSQL database, 14 or newer, encoded in UTF-8; the user may create schemas in it. Connects when it is
 * first used. Connections are direct: a pooler that lends them by the transaction loses LISTEN and locks.
 */
export function openPostgresReadStore(options: PostgresReadStoreOptions): ReadStore {
  return new PostgresReadStore(options);
}

class PostgresReadStore implements ReadStore {
  readonly generations: PostgresGenerations;
  readonly jobs: JobBoard;
  readonly #options: PostgresReadStoreOptions;
  readonly #names: Names;
  readonly #catalog: Catalog;
  readonly #open = new Set<{ close(): Promise<void> }>();
  readonly #closing = new AbortController();

  constructor(options: PostgresReadStoreOptions) {
    this.#options = options;
    this.#names = new Names(schemaIn(options.url));
    this.#catalog = new Catalog(this.#names, this.#access('catalog'));
    this.generations = new PostgresGenerations(this.#catalog, (readModel, number) =>
      this.#generation(readModel, number),
    );
    this.jobs = new PostgresJobs(this.#catalog);
  }

  async openLive(readModel: ReadModel<never>): Promise<Generation> {
    this.#assertOpen();
    const number = await this.generations.ensureLive(readModel);
    if (number !== undefined) return this.#generation(readModel, number);
    const message = `read model ${readModel.name} was made by other projections and is to be built anew`;
    throw new ReadStoreError('read-model-outdated', message);
  }

  async openReader(readModel: ReadModel<never> | string): Promise<ReadModelReader> {
    this.#assertOpen();
    const [name, shape] =
      typeof readModel === 'string' ? [readModel, '[]'] : [readModel.name, shapeOf(readModel)];
    const reader = this.#track(
      new PostgresReader({
        pointer: new LivePointer(this.#catalog, name, shape),
        channel: this.#names.channel(name),
        schemaOf: (number) => this.#names.generation(name, number),
        access: this.#access(`${name} reader`),
        maxReads: this.#options.maxReads ?? MAX_READS,
      }),
    );
    // A wrong address is told to who starts a service, not to who asks it first.
    await reader.position();
    return reader;
  }

  async lead(readModel: string, { signal }: { signal: AbortSignal }): Promise<Leadership> {
    this.#assertOpen();
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    const name = `lead ${this.#names.channel(readModel)}`;
    const leadership = await takeLead(this.#access(`${readModel} leader`), name, ending);
    const opened = this.#track({ close: () => leadership.resign() });
    leadership.lost.addEventListener('abort', () => this.#open.delete(opened), { once: true });
    return leadership;
  }

  async close(): Promise<void> {
    this.#closing.abort(closed());
    await Promise.all([...this.#open].map((opened) => opened.close()));
    this.#open.clear();
    await this.#catalog.close();
  }

  #generation(readModel: ReadModel<never>, number: number): Generation {
    this.#assertOpen();
    const { name } = readModel;
    const schema = this.#names.generation(name, number);
    const generation: PostgresGeneration = this.#track(
      new PostgresGeneration({
        number,
        schema,
        tables: tablesOf(readModel).map((table) => postgresTable(table, schema)),
        channel: this.#names.channel(name),
        access: this.#access(`${name} projector`),
        onClose: () => this.#open.delete(generation),
      }),
    );
    return generation;
  }

  #access(purpose: string): ConnectionAccess {
    const { url, limits = {} } = this.#options;
    return { url, limits, name: `${this.#names.catalog} ${purpose}` };
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw closed();
  }

  #track<T extends { close(): Promise<void> }>(opened: T): T {
    this.#open.add(opened);
    return opened;
  }
}

const MAX_READS = 8;

function schemaIn(url: string): string {
  const schema = new URL(url).searchParams.get('schema') ?? 'touchline';
  if (/^[a-z][a-z0-9_]{0,30}$/.test(schema)) return schema;
  throw new ReadStoreError(
    'read-store-read-only',
    'the read store cannot be used: schema takes up to 31 small letters, digits and _, a letter first',
  );
}
