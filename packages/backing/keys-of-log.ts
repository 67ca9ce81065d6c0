import { statSync } from 'node:fs';
import { VaultError } from '@touchline/vault';
import type { DataFolder } from './data-folder.ts';

/**
 * Refuses to make new keys beside a log that was written with others: nothing recorded so far would open, and no
 * identifier would be recognised. Whoever makes an installation makes the keys first, so a log is never there
 * alone. Throws `VaultError` `vault-missing`.
 */
export function assertKeysOfLog({ log, keys }: Pick<DataFolder, 'log' | 'keys'>): void {
  // In this order: between the two looks another process may make both.
  if (!isFilled(log) || isFilled(keys)) return;
  throw new VaultError(
    'vault-missing',
    `${log} holds touchpoints, but ${keys}, which opens them, is missing or empty. Restore it from its backup. ` +
      'If there is none, their personal data is lost for ever; move the log away to start anew.',
  );
}

function isFilled(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
