import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient, QueryConfig } from 'pg';
import { VaultError } from '../vault-error.ts';
import type { KeyConnections } from './key-connections.ts';
import { SHELVES, shelfOf, shelfTable } from './shelves.ts';

/** Shorter than for others: while it waits for who reads the shelf, everybody else waits behind it. */
const WIPE_LOCK_MS = 1_000;
/** As long as a shelf of millions of keys takes. */
const WIPE_MS = 10 * 60_000;
/** The server ends a statement itself; only a server that is gone is waited for this much longer. */
const GRACE_MS = 5_000;
/** Calls that were under way during the shred are over by then; what is older than that may take hours. */
const WIPE_PAUSES_MS = [50, 200, 500] as const;

const SHRED = `
  WITH gone AS (DELETE FROM keys WHERE shelf = $1 AND subject = $2 RETURNING number),
    noted AS (INSERT INTO shredded_keys (number) SELECT number FROM gone),
    marked AS (UPDATE shreds SET mark = gen_random_uuid() WHERE EXISTS (SELECT FROM gone))
  SELECT count(*)::integer AS count FROM gone`;
const NOT_WIPED = `SELECT number FROM shredded_keys WHERE NOT is_wiped AND number % ${SHELVES} = $1`;
const WIPED = 'UPDATE shredded_keys SET is_wiped = true WHERE number = ANY($1::bigint[])';

/** Destroys keys: first for everybody who asks, then on the disk of the database. */
export class Shredder {
  readonly #connections: KeyConnections;

  constructor(connections: KeyConnections) {
    this.#connections = connections;
  }

  /** Answers how many keys there were. Also wipes what an earlier attempt left: `shred-incomplete` while it cannot. */
  async shred(subject: string): Promise<number> {
    const shelf = shelfOf(subject);
    // Also makes sure of a connection: the next statement is not repeated, because its count would be another.
    await this.#connections.repeat((client) => client.query('SELECT'));
    const { rows } = await this.#connections.once((client) =>
      client.query<{ count: number }>(SHRED, [shelf, subject]),
    );
    await this.#wipe(shelf);
    return rows[0]?.count ?? 0;
  }

  /** Deleting only marks a row as dead: writing the shelf anew, without it, is what removes its bytes. */
  async #wipe(shelf: number): Promise<void> {
    const { rows } = await this.#connections.repeat((client) =>
      client.query<{ number: string }>(NOT_WIPED, [shelf]),
    );
    if (rows.length === 0) return;
    await this.#rewriteUntilClean(shelf);
    await this.#connections.repeat((client) => client.query(WIPED, [rows.map(({ number }) => number)]));
  }

  async #rewriteUntilClean(shelf: number): Promise<void> {
    for (const pauseMs of [...WIPE_PAUSES_MS, undefined]) {
      const left = await this.#connections.once((client) => this.#rewrite(client, shelf)).catch(incomplete);
      if (left === 0) return;
      if (pauseMs !== undefined) await delay(pauseMs);
    }
    throw incomplete(new Error('older transactions may still see it'));
  }

  /** Answers how many dead rows had to be kept for transactions that are older than their end. */
  async #rewrite(client: PoolClient, shelf: number): Promise<number> {
    const told: string[] = [];
    const listen = ({ detail }: { detail?: string | undefined }): unknown => told.push(detail ?? '');
    client.on('notice', listen);
    try {
      await client.query(`SET lock_timeout = ${WIPE_LOCK_MS}; SET statement_timeout = ${WIPE_MS}`);
      const vacuum: QueryConfig & { query_timeout: number } = {
        text: `VACUUM (FULL, VERBOSE) ${shelfTable(shelf)}`,
        query_timeout: WIPE_MS + GRACE_MS,
      };
      await client.query(vacuum);
      return deadRowsIn(told);
    } finally {
      client.off('notice', listen);
      await client.query(this.#connections.place.settings).catch(() => {}); // then the connection is gone
    }
  }
}

/** The server tells it, in its own language, as the first number of the detail. */
function deadRowsIn(told: readonly string[]): number {
  const counts = told.flatMap((detail) => /\d+/.exec(detail) ?? []);
  return counts.length === 0 ? Number.NaN : Math.max(...counts.map(Number));
}

function incomplete(cause: unknown): never {
  throw new VaultError(
    'shred-incomplete',
    'The key is shredded, but its wrapped bytes are still in the database, because other transactions hold on to them. ' +
      'Shred again to remove them.',
    { cause },
  );
}
