import { statSync } from 'node:fs';
import { type EventStore, EventStoreError, type Position, START } from '@touchline/event-store';
import { VaultError } from '@touchline/vault';
import type { DataFolder } from './data-folder.ts';

/**
 * Refuses to make new keys beside a log that was written with others: nothing recorded so far would open, and no
 * identifier would be recognised. Whoever makes an installation makes the keys first, so a log is never there
 * alone. Throws `VaultError` `vault-missing`.
 *
 * A log in a database elsewhere is asked only where keys are missing: a process that has them starts while the database is
 * away. Throws `EventStoreError` where they are missing and it cannot be asked.
 */
export async function assertKeysOfLog(
  { log, keys }: Pick<DataFolder, 'log' | 'keys'>,
  elsewhere?: EventStore,
): Promise<void> {
  // In this order: between the two looks another process may make both.
  if (log !== undefined && isFilled(log) && !isFilled(keys)) throw missing(log, keys);
  if (elsewhere === undefined || isFilled(keys)) return;
  if ((await askForHead(elsewhere, keys)) > START && !isFilled(keys)) throw missing('the log', keys);
}

async function askForHead(log: EventStore, keys: string): Promise<Position> {
  try {
    return await log.head();
  } catch (cause) {
    if (!(cause instanceof EventStoreError)) throw cause;
    const why = `${keys} is not there, and whether the log was written with other keys cannot be found out`;
    throw new EventStoreError(cause.code, `${why}: ${cause.message}`, { cause });
  }
}

function missing(log: string, keys: string): VaultError {
  return new VaultError(
    'vault-missing',
    `${log} holds touchpoints, but ${keys}, which opens them, is missing or empty. Restore it from its backup. ` +
      'If there is none, their personal data is lost for ever; move the log away to start anew.',
  );
}

function isFilled(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
