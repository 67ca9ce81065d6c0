import { type ClientBase, Pool, type PoolClient, type QueryConfig } from 'pg';

const IDLE_CONNECTION_MS = 60_000;
/** A connection that broke while it was idle tells so at once; one that was silent for longer is not tried again. */
const REPEAT_WITHIN_MS = 2_000;

export interface ConnectionsOptions {
  readonly url: string;
  /** Sent on each new connection. */
  readonly settings: string;
  readonly maxConnections: number;
  /** Calls that may wait for a connection at once, each for as long as making a connection may take. */
  readonly maxWaitingCalls: number;
  readonly connectMs: number;
  /** Longer than the server lets a statement run: only a server that is gone, or a network, is waited for so long. */
  readonly queryMs: number;
  readonly errors: ConnectionErrors;
}

/** What failures are to the adapter whose connections they are. */
export interface ConnectionErrors {
  /** Whatever the driver, the server or the adapter's own work threw. */
  of(cause: unknown): Error;
  /** Whether the connection is of no use after it, as opposed to one statement. */
  endsConnection(failure: unknown): boolean;
  closed(): Error;
  overloaded(): Error;
  /** A standby may still hold what was deleted. */
  standby(): Error;
}

/** Connections to one database, each used by one call at a time. Broken ones are let go, standbys refused. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #pool: Pool;
  readonly #underWay = new Set<Promise<unknown>>();
  #ended: Promise<void> | undefined;

  constructor(options: ConnectionsOptions) {
    const { url, settings, maxConnections, connectMs, queryMs, errors } = options;
    this.#options = options;
    this.#pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      query_timeout: queryMs,
      keepAlive: true,
      onConnect: async (client) => {
        await client.query(settings);
        // A server becomes one, or stops being one, only without connections.
        if (await isStandby(client)) throw errors.standby();
      },
    });
    // Who uses a connection hears of its end by the statement that fails; an idle one is simply replaced.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /**
   * Lends a connection to work that does no harm when it is done twice: it is done again when the connection turns out
   * to be broken, which the server may have done to every idle one.
   */
  async repeat<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const deadline = performance.now() + REPEAT_WITHIN_MS;
    for (let left = this.#options.maxConnections; ; left--) {
      const client = await this.#connect();
      try {
        return await this.#track(this.#lend(client, work));
      } catch (failure) {
        const isWorthIt = left > 0 && performance.now() < deadline;
        if (!isWorthIt || !this.#options.errors.endsConnection(failure)) throw failure;
      }
    }
  }

  /** Lends a connection to work whose outcome is unknown when the connection breaks. */
  async once<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#track(this.#lend(await this.#connect(), work));
  }

  /** What `work` did is durable when answered, or was taken back when it throws. Repeated as `repeat` does. */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.repeat(async (client) => {
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (failure) {
        await client.query('ROLLBACK').catch(() => {}); // a connection that is gone takes it back as well
        throw failure;
      }
    });
  }

  /** After everything under way: the pool forgets whom it promised a connection. */
  close(): Promise<void> {
    this.#ended ??= Promise.allSettled(this.#underWay).then(() => this.#pool.end());
    return this.#ended;
  }

  async #lend<T>(client: PoolClient, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const { errors } = this.#options;
    let isBroken = false;
    try {
      return await work(client);
    } catch (cause) {
      const failure = errors.of(cause);
      isBroken = errors.endsConnection(failure);
      throw failure;
    } finally {
      client.release(isBroken);
    }
  }

  async #connect(): Promise<PoolClient> {
    const { errors, maxWaitingCalls } = this.#options;
    if (this.#ended !== undefined) throw errors.closed();
    if (this.#pool.waitingCount >= maxWaitingCalls) throw errors.overloaded();
    try {
      return await this.#track(this.#pool.connect());
    } catch (cause) {
      throw errors.of(cause);
    }
  }

  async #track<T>(call: Promise<T>): Promise<T> {
    this.#underWay.add(call);
    try {
      return await call;
    } finally {
      this.#underWay.delete(call);
    }
  }
}

/** Parsed and planned once on each connection. */
export function prepared(name: string, text: string, values: readonly unknown[]): QueryConfig {
  return { name, text, values: [...values] };
}

async function isStandby(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  return rows[0]?.standby === true;
}
