import { EventStoreError, type EventStoreErrorCode } from '../errors.ts';

/** SQLite's result codes (https://www.sqlite.org/rescode.html) by prefix; the first that fits counts. */
const MEANINGS: readonly (readonly [prefix: string, code: EventStoreErrorCode, meaning: string])[] = [
  ['SQLITE_FULL', 'event-store-full', 'no room left for the log'],
  // The index of the WAL could not grow: the disk is full.
  ['SQLITE_IOERR_SHMSIZE', 'event-store-full', 'no room left for the log'],
  ['SQLITE_READONLY', 'event-store-read-only', 'the log cannot be written'],
  ['SQLITE_PERM', 'event-store-read-only', 'the log cannot be written'],
  ['SQLITE_BUSY', 'event-store-busy', 'another process holds the log'],
  ['SQLITE_LOCKED', 'event-store-busy', 'another process holds the log'],
  ['SQLITE_NOTADB', 'event-store-foreign-file', 'the file is no log'],
  ['SQLITE_CORRUPT', 'event-store-corrupt', 'the log is damaged'],
  // The writer checks before it inserts, so only a damaged index can object.
  ['SQLITE_CONSTRAINT', 'event-store-corrupt', 'the log contradicts itself'],
];

/** Whatever went wrong with the file, as the port names it. */
export function toEventStoreError(error: unknown): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const sqliteCode = codeOf(error);
  const [, code, meaning] = MEANINGS.find(([prefix]) => sqliteCode.startsWith(prefix)) ?? UNKNOWN;
  const detail = error instanceof Error ? error.message : String(error);
  return new EventStoreError(code, `${meaning}: ${detail}`, { cause: error });
}

export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

const UNKNOWN = ['', 'event-store-unavailable', 'the log cannot be used'] as const;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
