import { ReadStoreError } from '../errors.ts';
import { type Connection, type ConnectionAccess, Connections } from './connections.ts';
import { hasTable } from './generation-schema.ts';
import { type Names, quote } from './names.ts';

/** The oldest version that understands every statement used here. */
const OLDEST_VERSION = 140_000;
const MAX_CONNECTIONS = 2;

/** Which generations and jobs there are: a few tables in a schema of their own, made when the first read model is begun. */
export class Catalog {
  readonly names: Names;
  readonly #connections: Connections;
  #exists = false;

  constructor(names: Names, access: ConnectionAccess) {
    this.names = names;
    this.#connections = new Connections({ ...access, max: MAX_CONNECTIONS });
  }

  /** A table of the catalogue, qualified. */
  path(table: 'read_models' | 'generations' | 'jobs'): string {
    return `${quote(this.names.catalog)}.${table}`;
  }

  /** Looks without changing anything; `undefined` where nobody has ever written. */
  async look<T>(work: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    return this.#connections.use(async (connection) =>
      (await this.exists(connection)) ? work(connection) : undefined,
    );
  }

  /** Changes what is known of one read model: one at a time, all or nothing. Makes the catalogue where it is missing. */
  async change<T>(readModel: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#connections.transaction(async (connection) => {
      if (!(await this.exists(connection))) await this.#create(connection);
      await lock(connection, this.names.channel(readModel));
      return work(connection);
    });
  }

  /** A statement that takes its locks for itself. */
  async run(sql: string): Promise<void> {
    await this.#connections.use((connection) => connection.run(sql));
  }

  async exists(connection: Connection): Promise<boolean> {
    if (this.#exists) return true;
    this.#exists = await hasTable(connection, this.names.catalog, 'jobs');
    return this.#exists;
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  /** Many may come at once to a database that nobody has seen: one after the other, until their transactions end. */
  async #create(connection: Connection): Promise<void> {
    await assertUsable(connection);
    await lock(connection, this.names.catalog);
    if (await this.exists(connection)) return;
    for (const statement of [
      `CREATE SCHEMA IF NOT EXISTS ${quote(this.names.catalog)}`,
      `CREATE TABLE ${this.path('read_models')} (name text PRIMARY KEY, last_number integer NOT NULL, log_mark text)`,
      `CREATE TABLE ${this.path('generations')} (
        read_model text COLLATE "C", number integer, shape text NOT NULL, shape_mark text NOT NULL, live boolean NOT NULL,
        begun bigint NOT NULL, promoted bigint, PRIMARY KEY (read_model, number))`,
      `CREATE UNIQUE INDEX one_live ON ${this.path('generations')} (read_model, shape_mark) WHERE live`,
      `CREATE TABLE ${this.path('jobs')} (
        number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, read_model text NOT NULL, id text NOT NULL UNIQUE,
        kind text NOT NULL, subject text NOT NULL, request text NOT NULL, state text NOT NULL, wish text,
        report text NOT NULL, worker text, leased bigint NOT NULL, posted bigint NOT NULL, changed bigint NOT NULL)`,
      `CREATE INDEX jobs_by_read_model ON ${this.path('jobs')} (read_model, number)`,
    ])
      await connection.run(statement);
  }
}

/** Milliseconds since the epoch by the clock that all processes share. */
export const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Held until the transaction ends. */
async function lock(connection: Connection, what: string): Promise<void> {
  await connection.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [what]);
}

/** What would otherwise fail one row after the other. */
async function assertUsable(connection: Connection): Promise<void> {
  const { rows } = await connection.run(
    "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')",
  );
  const [version, encoding] = rows[0] ?? [];
  if (Number(version) < OLDEST_VERSION)
    throw unusable(`the server is older than PostgreSQL ${OLDEST_VERSION / 10_000}: use a newer one`);
  if (encoding !== 'UTF8')
    throw unusable(`the database is encoded in ${encoding}: create one with ENCODING 'UTF8'`);
}

function unusable(why: string): ReadStoreError {
  return new ReadStoreError('read-store-read-only', `the read store cannot be used: ${why}`);
}
