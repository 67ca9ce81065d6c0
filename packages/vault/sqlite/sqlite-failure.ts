import { VaultError, type VaultErrorCode } from '../vault-error.ts';

const CODES: readonly (readonly [prefix: string, VaultErrorCode, meaning: string])[] = [
  ['SQLITE_FULL', 'vault-full', 'The disk that holds the keys is full.'],
  // The index of the write-ahead log could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'vault-full', 'The disk that holds the keys is full.'],
  ['SQLITE_READONLY', 'vault-read-only', 'The key file cannot be written.'],
  // Beside the file, SQLite needs two more, which a folder that cannot be written does not let it have.
  ['SQLITE_CANTOPEN', 'vault-read-only', 'The key file, or a file beside it, cannot be opened for writing.'],
  ['SQLITE_BUSY', 'vault-busy', 'Another process kept the key file locked.'],
  ['SQLITE_NOTADB', 'vault-corrupt', 'The key file is not a key file.'],
  ['SQLITE_CORRUPT', 'vault-corrupt', 'The key file is damaged.'],
];

/** What a failure of SQLite means for the vault. */
export function vaultErrorOf(cause: unknown): VaultError {
  if (cause instanceof VaultError) return cause;
  const code = sqliteCodeOf(cause);
  const known = CODES.find(([prefix]) => code.startsWith(prefix));
  if (known) return new VaultError(known[1], known[2], { cause });
  return new VaultError('vault-unavailable', 'The key file cannot be used.', { cause });
}

export function isBusy(cause: unknown): boolean {
  return sqliteCodeOf(cause).startsWith('SQLITE_BUSY');
}

function sqliteCodeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
