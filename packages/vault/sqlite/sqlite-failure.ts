import { type Trouble, troubleOf } from '@touchline/sqlite';
import { VaultError, type VaultErrorCode } from '../vault-error.ts';

type Meaning = readonly [code: VaultErrorCode, words: string];

const UNKNOWN: Meaning = ['vault-unavailable', 'The key file cannot be used.'];

const MEANINGS: Readonly<Record<Trouble, Meaning>> = {
  full: ['vault-full', 'The disk that holds the keys is full.'],
  'read-only': ['vault-read-only', 'The key file cannot be written.'],
  'cannot-open': ['vault-read-only', 'The key file, or a file beside it, cannot be opened for writing.'],
  busy: ['vault-busy', 'Another process kept the key file locked.'],
  'no-database': ['vault-corrupt', 'The key file is not a key file.'],
  corrupt: ['vault-corrupt', 'The key file is damaged.'],
  refused: UNKNOWN,
  unavailable: UNKNOWN,
};

/** What a failure of SQLite means for the vault. */
export function vaultErrorOf(cause: unknown): VaultError {
  if (cause instanceof VaultError) return cause;
  const trouble = troubleOf(cause);
  const [code, words] = trouble === undefined ? UNKNOWN : MEANINGS[trouble];
  return new VaultError(code, words, { cause });
}
