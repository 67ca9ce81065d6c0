import { statSync } from 'node:fs';
import { type EventStore, START } from '@touchline/event-store';
import { VaultError } from '@touchline/vault';

/**
 * Whether nothing is recorded yet, so that new keys may be made. Beside a log that was written with others, nothing
 * recorded so far would open, and no identifier would be recognised. Whoever makes an installation makes the keys before
 * it records, so a log with events is never there without keys. Look at the keys again after this: another process may
 * have made both meanwhile.
 */
export async function isUnwritten(eventStore: Pick<EventStore, 'head'>): Promise<boolean> {
  return (await eventStore.head()) === START;
}

/** Refuses to make new keys in files beside a log that needs others. Throws `VaultError` `vault-missing`. */
export async function assertKeysOfLog(
  { log = 'the log', keys }: { readonly log?: string; readonly keys: string },
  eventStore: Pick<EventStore, 'head'>,
): Promise<void> {
  if (isFilled(keys) || (await isUnwritten(eventStore)) || isFilled(keys)) return;
  throw new VaultError(
    'vault-missing',
    `${log} holds touchpoints, but ${keys}, which opens them, is missing or empty. Restore it from its backup. ` +
      'If there is none, their personal data is lost for ever; move the log away to start anew.',
  );
}

function isFilled(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
