import { Pool, type PoolClient, type QueryArrayConfig, type QueryConfig } from 'pg';
import { ReadStoreError } from '../errors.ts';
import { asReadStoreError, type Statement } from './failures.ts';
import { quote } from './names.ts';
import { Turns } from './turns.ts';
import { types } from './values.ts';

export interface ConnectionLimits {
  /** How long a connection may take to be made. */
  readonly connectMs: number;
  /** How long a statement may run. */
  readonly statementMs: number;
  /** How long a statement may wait for a lock, and a transaction for its next statement. */
  readonly lockMs: number;
}

/** For who reads and writes rows: what takes longer than this is stuck. */
export const LIMITS: ConnectionLimits = { connectMs: 5_000, statementMs: 30_000, lockMs: 10_000 };
/** Building an index, digesting a table: as long as the table is large. */
export const LONG_STATEMENT_MS = 6 * 3_600_000;
/** The server ends a statement itself; only a server that is gone, or a network, is waited for this much longer. */
const GRACE_MS = 5_000;
/** A connection whose transaction stands still holds its locks and its snapshot. */
const IDLE_TRANSACTION_MS = 60_000;
const IDLE_CONNECTION_MS = 60_000;
/** Texts prepared on each connection; others are planned each time. */
const MAX_STATEMENTS = 500;

export interface ConnectionAccess {
  readonly url: string;
  /** Told to the server as `application_name`. */
  readonly name: string;
  readonly limits?: Partial<ConnectionLimits>;
}

export interface ConnectionsOptions extends ConnectionAccess {
  readonly max: number;
  readonly settings?: Readonly<Record<string, string>>;
  /** Where unqualified names of tables lead. */
  readonly schema?: string;
}

/** Connections to one database for one purpose, at most `max`, opened when they are needed. Broken ones are let go. */
export class Connections {
  readonly place: string;
  readonly #pool: Pool;
  readonly #turns: Turns;
  readonly #statements = new Map<string, string>();
  #ended: Promise<void> | undefined;

  constructor(options: ConnectionsOptions) {
    const { connectMs, statementMs } = { ...LIMITS, ...options.limits };
    this.place = placeOf(options.url);
    this.#turns = new Turns(options.max, closed);
    this.#pool = new Pool({
      connectionString: options.url,
      max: options.max,
      min: 1,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      query_timeout: statementMs + GRACE_MS,
      keepAlive: true,
      pipeline: true,
      types,
      onConnect: async (client) => {
        await client.query(settingsOf(options));
      },
    });
    // Who uses a connection hears of its end by the statement that fails; an idle one is simply replaced.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  get isClosed(): boolean {
    return this.#turns.isClosed;
  }

  /** Lends a connection to `work`. Throws `ReadStoreError`: `read-store-unavailable` when none can be made. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      const client = await this.#connect();
      const connection = new Connection(client, this.place, this.#statements);
      try {
        return await work(connection);
      } finally {
        client.release(connection.isOfUse ? undefined : true);
      }
    });
  }

  /** Runs `work` between `begin` and COMMIT, or takes everything back when it throws. */
  transaction<T>(work: (connection: Connection) => Promise<T>, begin = 'BEGIN'): Promise<T> {
    return this.use(async (connection) => {
      try {
        const begun = connection.run(begin);
        begun.catch(() => {}); // awaited below; what `work` runs may fail first, for the same reason
        const result = await work(connection);
        await begun;
        await connection.commit();
        return result;
      } catch (failure) {
        await connection.rollBack();
        throw failure;
      }
    });
  }

  /** After everything under way. */
  close(): Promise<void> {
    // Not before: the pool forgets whom it promised a connection.
    this.#ended ??= this.#turns.close().then(() => this.#pool.end());
    return this.#ended;
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (cause) {
      throw this.isClosed ? closed() : asReadStoreError(cause, this.place, 'of the store');
    }
  }
}

export interface RunOptions {
  /** Prepared once on each connection. */
  readonly prepared?: boolean;
  readonly statement?: Statement;
  readonly maxMs?: number;
}

export type Parameters = readonly (string | number | bigint | Buffer | null)[];

/** A connection that was lent. Statements are sent without waiting for the ones before, and answered in order. */
export class Connection {
  readonly #client: PoolClient;
  readonly #place: string;
  readonly #statements: Map<string, string>;
  isOfUse = true;

  constructor(client: PoolClient, place: string, statements: Map<string, string>) {
    this.#client = client;
    this.#place = place;
    this.#statements = statements;
  }

  /** Rows as lists of values, and how many rows were touched. */
  async run(sql: string, parameters: Parameters = [], options: RunOptions = {}): Promise<Answer> {
    const config: QueryArrayConfig = { ...this.#config(sql, parameters, options), rowMode: 'array' };
    const { rows, rowCount, command } = await this.#send(options, config);
    return { rows: rows as unknown as Answer['rows'], rowCount: rowCount ?? 0, command };
  }

  /** Rows as objects. */
  async rows<Row extends object>(
    sql: string,
    parameters: Parameters,
    options: RunOptions = {},
  ): Promise<Row[]> {
    return (await this.#send(options, this.#config(sql, parameters, options))).rows as Row[];
  }

  /** Throws when the server took the transaction back instead. */
  async commit(): Promise<void> {
    const { command } = await this.run('COMMIT');
    if (command !== 'COMMIT')
      throw new ReadStoreError('read-store-unavailable', `PostgreSQL at ${this.#place} took a step back`);
  }

  /** A connection that cannot even do that is let go. */
  async rollBack(): Promise<void> {
    if (!this.isOfUse) return;
    await this.run('ROLLBACK').catch(() => {
      this.isOfUse = false;
    });
  }

  #config(sql: string, parameters: Parameters, { prepared = false, maxMs }: RunOptions): QueryConfig {
    const name = prepared ? this.#nameOf(sql) : undefined;
    return {
      text: sql,
      values: parameters as unknown[],
      ...(name === undefined ? {} : { name }),
      ...(maxMs === undefined ? {} : { query_timeout: maxMs + GRACE_MS }),
    };
  }

  #nameOf(sql: string): string | undefined {
    const known = this.#statements.get(sql);
    if (known !== undefined || this.#statements.size >= MAX_STATEMENTS) return known;
    const name = `s${this.#statements.size}`;
    this.#statements.set(sql, name);
    return name;
  }

  async #send({ statement = 'of the store' }: RunOptions, config: QueryConfig) {
    try {
      return await this.#client.query(config);
    } catch (cause) {
      const failure = asReadStoreError(cause, this.#place, statement);
      // Also a server that has become read-only: the next connection may lead to the one that took over.
      if (failure instanceof ReadStoreError && failure.code === 'read-store-unavailable')
        this.isOfUse = false;
      throw failure;
    }
  }
}

export interface Answer {
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly rowCount: number;
  readonly command: string;
}

/** Host, port and database: never who connects, nor with which password. */
export function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
}

export function closed(): ReadStoreError {
  return new ReadStoreError('read-store-closed', 'the read model is closed');
}

/** Set after connecting: what a URL may set as well would go before. */
export function settingsOf({
  name,
  settings,
  schema,
  limits,
}: Omit<ConnectionsOptions, 'url' | 'max'>): string {
  const { statementMs, lockMs } = { ...LIMITS, ...limits };
  const all: Record<string, string> = {
    application_name: name,
    client_encoding: 'UTF8',
    statement_timeout: String(statementMs),
    lock_timeout: String(lockMs),
    idle_in_transaction_session_timeout: String(IDLE_TRANSACTION_MS),
    // Compiling costs more than any of our statements gains.
    jit: 'off',
    ...settings,
  };
  const sets = Object.entries(all).map(([setting, value]) => `SET ${setting} = '${value}'`);
  return [...sets, ...(schema === undefined ? [] : [`SET search_path = ${quote(schema)}`])].join('; ');
}
