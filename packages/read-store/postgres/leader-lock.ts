import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Leadership } from '../leadership.ts';
import { type ConnectionAccess, LIMITS, placeOf, settingsOf } from './connections.ts';
import { asReadStoreError } from './failures.ts';

/** How often one who waits asks again, and one who leads sees whether the server is still there. */
const ASK_EVERY_MS = 500;
/** A server that is silent for so long is lost: another one leads by then. */
const SILENCE_MS = 3_000;

/** The server, too, gives up a leader whose machine has vanished without a word, and one that stands still. */
const GIVEN_UP = {
  tcp_keepalives_idle: '2',
  tcp_keepalives_interval: '1',
  tcp_keepalives_count: '2',
  idle_session_timeout: '4s',
};

/**
 * Waits for the lock `name` on a connection of its own, which holds it while it lasts. Rejects with `signal.reason` when aborted, and
 * throws `ReadStoreError` when the server cannot be reached.
 */
export async function takeLead(
  access: ConnectionAccess,
  name: string,
  signal: AbortSignal,
): Promise<Leadership> {
  const client = new Client({
    connectionString: access.url,
    connectionTimeoutMillis: LIMITS.connectMs,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  try {
    await client.connect();
    await client.query(settingsOf({ ...access, settings: GIVEN_UP }));
    while (!(await hasLock(client, name))) await delay(ASK_EVERY_MS, undefined, { signal });
  } catch (failure) {
    await client.end().catch(() => {}); // what failed is told
    throw signal.aborted ? signal.reason : asReadStoreError(failure, placeOf(access.url), 'of the store');
  }
  const end = async (): Promise<void> => {
    lost.abort();
    await client.end().catch(() => {}); // gone is resigned
  };
  watch(client, lost.signal).catch(end);
  return { lost: lost.signal, resign: end };
}

async function hasLock(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS has', [name]);
  return rows[0]?.has === true;
}

/** Without a question now and then a connection that is cut in the middle would seem to last for ever. */
async function watch(client: Client, lost: AbortSignal): Promise<void> {
  for (;;) {
    await delay(ASK_EVERY_MS, undefined, { signal: lost, ref: false });
    await client.query('SELECT 1');
  }
}
