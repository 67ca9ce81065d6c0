import { type ClientBase, Pool, type PoolClient } from 'pg';
import { TokenStoreError } from '../token-store-error.ts';
import { endsConnection, tokenStoreErrorOf } from './postgres-failure.ts';
import type { TokenPlace } from './token-place.ts';

/** One for reading every second, one for who makes or revokes a token meanwhile. */
const MAX_CONNECTIONS = 2;
/** Calls that may wait for a connection at once, each for as long as making a connection may take. */
const MAX_WAITING_CALLS = 100;
const CONNECT_MS = 2_000;
const IDLE_CONNECTION_MS = 60_000;
/** Longer than the server lets a statement run: only a server that is gone, or a network, is waited for so long. */
const QUERY_MS = 4_000;

/** Connections to the database that holds the tokens. Broken ones are let go. Throws `TokenStoreError` only. */
export class TokenConnections {
  readonly place: TokenPlace;
  readonly #pool: Pool;
  readonly #underWay = new Set<Promise<unknown>>();
  #ended: Promise<void> | undefined;

  constructor(place: TokenPlace) {
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
    for (let left = MAX_CONNECTIONS; ; left--) {
      const client = await this.#connect();
      try {
        return await this.#track(this.#lend(client, work));
      } catch (failure) {
        if (left === 0 || !(failure instanceof TokenStoreError) || !endsConnection(failure)) throw failure;
      }
    }
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
      const failure = tokenStoreErrorOf(cause, this.place.name);
      isBroken = endsConnection(failure);
      throw failure;
    } finally {
      client.release(isBroken);
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#ended !== undefined)
      throw new TokenStoreError('token-store-closed', 'The token store is closed.');
    if (this.#pool.waitingCount >= MAX_WAITING_CALLS)
      throw new TokenStoreError(
        'token-store-busy',
        `More than ${MAX_WAITING_CALLS} calls wait for the tokens.`,
      );
    try {
      return await this.#track(this.#pool.connect());
    } catch (cause) {
      throw tokenStoreErrorOf(cause, this.place.name);
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

/** There a revoked token may still be found. A server becomes one, or stops being one, only without connections. */
async function refuseStandby(client: ClientBase, { name }: TokenPlace): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby !== true) return;
  throw new TokenStoreError('token-store-unavailable', `Tokens on PostgreSQL at ${name}: it is a standby.`);
}
