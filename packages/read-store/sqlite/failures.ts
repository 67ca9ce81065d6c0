import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';

/** Runs `work`; failures of SQLite and of the file system become ours. */
export function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw asReadStoreError(cause);
  }
}

export function asReadStoreError(cause: unknown): unknown {
  const nativeCode = (cause as { code?: unknown } | null)?.code;
  if (cause instanceof ReadStoreError || !(cause instanceof Error) || typeof nativeCode !== 'string')
    return cause;
  const code = CODES.find(([beginning]) => nativeCode.startsWith(beginning))?.[1];
  if (code === undefined) return cause;
  const message = `the read model's database failed: ${cause.message} (${nativeCode})`;
  return new ReadStoreError(code, message, { cause });
}

/** The first beginning that fits decides. */
const CODES: readonly (readonly [string, ReadStoreErrorCode])[] = [
  ['SQLITE_FULL', 'read-store-full'],
  ['SQLITE_BUSY', 'read-store-busy'],
  ['SQLITE_LOCKED', 'read-store-busy'],
  ['SQLITE_READONLY', 'read-store-read-only'],
  ['SQLITE_CORRUPT', 'read-store-corrupt'],
  ['SQLITE_NOTADB', 'read-store-corrupt'],
  ['SQLITE_CONSTRAINT', 'row-refused'],
  ['SQLITE_MISMATCH', 'row-refused'],
  ['SQLITE_TOOBIG', 'row-refused'],
  ['SQLITE_', 'read-store-unavailable'],
  ['ENOSPC', 'read-store-full'],
  ['EDQUOT', 'read-store-full'],
  ['EACCES', 'read-store-read-only'],
  ['EPERM', 'read-store-read-only'],
  ['EROFS', 'read-store-read-only'],
  ['ENO', 'read-store-unavailable'],
  ['EEXIST', 'read-store-unavailable'],
  ['EIO', 'read-store-unavailable'],
  ['EMFILE', 'read-store-unavailable'],
];
