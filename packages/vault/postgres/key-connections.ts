import { type ClientBase, Pool, type PoolClient, type QueryConfig } from 'pg';
import { VaultError } from '../vault-error.ts';
import type { KeyPlace } from './key-place.ts';
import { endsConnection, vaultErrorOf } from './postgres-failure.ts';

/** Looks are short and new keys share a commit: more would only wait for each other at the server. */
const MAX_CONNECTIONS = 4;
/** Calls that may wait for a connection at once, each for as long as making a connection may take. */
const MAX_WAITING_CALLS = 1_000;
const CONNECT_MS = 5_000;
const IDLE_CONNECTION_MS = 60_000;
/** A connection that broke while it was idle tells so at once; one that was silent for longer is not tried again. */
const REPEAT_WITHIN_MS = 2_000;
/** Longer than the server lets a statement run: only a server that is gone, or a network, is waited for so long. */
const QUERY_MS = 15_000;

/** Connections to the database that holds the keys. Broken ones are let go. Throws `VaultError` only. */
export class KeyConnections {
  readonly place: KeyPlace;
  readonly #pool: Pool;
  readonly #underWay = new Set<Promise<unknown>>();
  #ended: Promise<void> | undefined;

  constructor(place: KeyPlace) {
    this.place = place;
    this.#pool = new Pool({
      connectionString: place.url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      query_timeout: QUERY_MS,
      keepAlive: true,
      onConnect: async (client) => {
        await client.query(place.settings);
        await refuseStandby(client, place);
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
    for (let left = MAX_CONNECTIONS; ; left--) {
      const client = await this.#connect();
      try {
        return await this.#track(this.#lend(client, work));
      } catch (failure) {
        const isWorthIt = left > 0 && performance.now() < deadline;
        if (!isWorthIt || !(failure instanceof VaultError) || !endsConnection(failure)) throw failure;
      }
    }
  }

  /** Lends a connection to work whose outcome is unknown when the connection breaks: `vault-unavailable`. */
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
    let isBroken = false;
    try {
      return await work(client);
    } catch (cause) {
      const failure = vaultErrorOf(cause, this.place.name);
      isBroken = endsConnection(failure);
      throw failure;
    } finally {
      client.release(isBroken);
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#ended !== undefined) throw new VaultError('vault-closed', 'The key ring is closed.');
    if (this.#pool.waitingCount >= MAX_WAITING_CALLS)
      throw new VaultError('vault-overloaded', `More than ${MAX_WAITING_CALLS} calls wait for the keys.`);
    try {
      return await this.#track(this.#pool.connect());
    } catch (cause) {
      throw vaultErrorOf(cause, this.place.name);
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

/** There a shredded key may still be found. A server becomes one, or stops being one, only without connections. */
async function refuseStandby(client: ClientBase, { name }: KeyPlace): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby !== true) return;
  throw new VaultError('vault-unavailable', `Keys on PostgreSQL at ${name}: it is a standby.`);
}
