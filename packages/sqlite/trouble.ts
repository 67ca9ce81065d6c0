/** What keeps a file from being used, as far as whoever runs it can do something about it. */
export type Trouble =
  | 'full'
  | 'read-only'
  | 'cannot-open'
  | 'busy'
  | 'no-database'
  | 'corrupt'
  | 'refused'
  | 'unavailable';

/**
 * Result codes of SQLite (https://www.sqlite.org/rescode.html) and error codes of the operating system, by how they begin; the
 * first that fits counts.
 */
const MEANINGS: readonly (readonly [beginning: string, Trouble])[] = [
  ['SQLITE_FULL', 'full'],
  // The index of the write-ahead log could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['EROFS', 'read-only'],
  // Also where the two files that lie beside it in a folder that cannot be written.
  ['SQLITE_CANTOPEN', 'cannot-open'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_NOTADB', 'no-database'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_CONSTRAINT', 'refused'],
  ['SQLITE_MISMATCH', 'refused'],
  ['SQLITE_TOOBIG', 'refused'],
];

/** As against codes of Node itself, `ERR_...`. */
const OF_SQLITE_OR_SYSTEM = /^(?:SQLITE_|E[A-Z0-9]+$)/;

/** Nothing for what neither SQLite nor the operating system says: a defect. */
export function troubleOf(failure: unknown): Trouble | undefined {
  const code = nativeCodeOf(failure);
  const [, trouble] = MEANINGS.find(([beginning]) => code.startsWith(beginning)) ?? [];
  return trouble ?? (OF_SQLITE_OR_SYSTEM.test(code) ? 'unavailable' : undefined);
}

export function isBusy(failure: unknown): boolean {
  return troubleOf(failure) === 'busy';
}

/** Empty where there is none. */
export function nativeCodeOf(failure: unknown): string {
  return failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
    ? failure.code
    : '';
}
