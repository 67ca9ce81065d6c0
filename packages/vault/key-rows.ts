import { keyIdOfNumber, purposeOf } from './key-number.ts';
import type { SubjectKey } from './key-ring.ts';
import { unwrap } from './key-wrap.ts';
import { VaultError } from './vault-error.ts';

/** A key as it is stored. */
export interface KeyRow {
  readonly number: number;
  readonly subject: string;
  readonly wrapped: Uint8Array;
}

/** The keys of these rows. Throws `key-corrupt` and names those that do not open. */
export function unwrapKeys(masterKey: Uint8Array, rows: readonly KeyRow[]): SubjectKey[] {
  const damaged: string[] = [];
  const keys: SubjectKey[] = [];
  for (const { number, subject, wrapped } of rows) {
    const id = keyIdOfNumber(number);
    const secret = unwrap(masterKey, wrapped, purposeOf(number, subject));
    if (secret) keys.push({ id, subject, secret });
    else damaged.push(id);
  }
  if (damaged.length === 0) return keys;
  throw new VaultError('key-corrupt', `${damaged.length} keys are damaged where they are kept.`, {
    keyids: damaged,
  });
}

export function unknownKeys(keyids: readonly string[]): VaultError {
  return new VaultError(
    'key-unknown',
    `${keyids.length} keys were never kept here: these keys belong to another log, or are an older copy.`,
    { keyids },
  );
}
