import { escapeIdentifier, Pool } from 'pg';
import { type Checkpoints, CheckpointsError, type Move } from '../checkpoints/index.ts';
import { toCheckpointsError } from './postgres-errors.ts';

export interface PostgresCheckpointsOptions {
  /**
   * `postgres://user:password@host:port/database`, with the parameters that `pg` knows, and `schema`: the beginning of the
   * name of the schema, default `touchline`. Each installation in a database needs one of its own.
   */
  readonly url: string;
}

/** A lease must not run out while a server is waited for that is gone. */
const CONNECT_MS = 2_000;
const STATEMENT_MS = 2_000;
const MAX_CONNECTIONS = 2;
const IDLE_CONNECTION_MS = 60_000;
const DEFAULT_SCHEMA = 'touchline';

/** Checkpoints and leases in a PostgreSQL database, 14 or newer. Connects, and makes its tables, when it is first used. */
export function openPostgresCheckpoints({ url }: PostgresCheckpointsOptions): Checkpoints {
  return new PostgresCheckpoints(url);
}

class PostgresCheckpoints implements Checkpoints {
  readonly #place: string;
  readonly #schema: string;
  readonly #pool: Pool;
  #made: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor(url: string) {
    const { host, pathname, searchParams } = new URL(url);
    this.#place = `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
    const schema = `${searchParams.get('schema') ?? DEFAULT_SCHEMA}_relay`;
    this.#schema = escapeIdentifier(schema);
    this.#pool = new Pool({
      connectionString: url,
      application_name: `${schema} checkpoints`,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS * 2,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      keepAlive: true,
    });
    // Who uses a connection hears of its end by the statement that fails; an idle one is simply replaced.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  async position(name: string): Promise<bigint | undefined> {
    const { rows } = await this.#run('SELECT position FROM {}.checkpoints WHERE name = $1', [name]);
    const position = rows[0]?.position;
    return position === undefined ? undefined : BigInt(String(position));
  }

  async advance(name: string, { from, to }: Move): Promise<boolean> {
    const { rowCount } =
      from === undefined
        ? await this.#run('INSERT INTO {}.checkpoints VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, to])
        : await this.#run('UPDATE {}.checkpoints SET position = $2 WHERE name = $1 AND position = $3', [
            name,
            to,
            from,
          ]);
    return rowCount === 1;
  }

  async take(lease: string, holder: string, forMs: number): Promise<boolean> {
    const { rowCount } = await this.#run(
      `INSERT INTO {}.leases AS held VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
       WHERE held.holder = excluded.holder OR held.ends_at <= clock_timestamp()`,
      [lease, holder, forMs],
    );
    return rowCount === 1;
  }

  async giveUp(lease: string, holder: string): Promise<void> {
    await this.#run('DELETE FROM {}.leases WHERE name = $1 AND holder = $2', [lease, holder]);
  }

  async check(): Promise<void> {
    await this.#run('SELECT 1', []);
  }

  close(): Promise<void> {
    this.#ended ??= this.#pool.end();
    return this.#ended;
  }

  /** `{}` stands for the schema. */
  async #run(sql: string, parameters: readonly (string | number | bigint)[]) {
    if (this.#ended !== undefined)
      throw new CheckpointsError('checkpoints-closed', 'the checkpoints are closed');
    try {
      this.#made ??= this.#makeTables();
      await this.#made;
      return await this.#pool.query<Record<string, unknown>>(sql.replaceAll('{}', this.#schema), [
        ...parameters,
      ]);
    } catch (failure) {
      throw toCheckpointsError(failure, this.#place);
    }
  }

  /** Sent as one text they are one transaction. One process at a time: two that make a schema at once would trip over each other. */
  async #makeTables(): Promise<void> {
    const schema = this.#schema;
    try {
      await this.#pool.query(`SELECT pg_advisory_xact_lock(hashtextextended('touchline checkpoints', 0));
        CREATE SCHEMA IF NOT EXISTS ${schema};
        CREATE TABLE IF NOT EXISTS ${schema}.checkpoints (name text PRIMARY KEY, position bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS ${schema}.leases (name text PRIMARY KEY, holder text NOT NULL, ends_at timestamptz NOT NULL)`);
    } catch (failure) {
      this.#made = undefined;
      throw failure;
    }
  }
}
