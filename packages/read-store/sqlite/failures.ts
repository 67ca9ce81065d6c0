import { nativeCodeOf, type Trouble, troubleOf } from '@touchline/sqlite';
import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';

/** Runs `work`; failures of SQLite and of the file system become ours. */
export function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw asReadStoreError(cause);
  }
}

/** What neither SQLite nor the file system says is left as it is: a defect. */
export function asReadStoreError(cause: unknown): unknown {
  const trouble = troubleOf(cause);
  if (cause instanceof ReadStoreError || !(cause instanceof Error) || trouble === undefined) return cause;
  const message = `the read model's database failed: ${cause.message} (${nativeCodeOf(cause)})`;
  return new ReadStoreError(CODES[trouble], message, { cause });
}

const CODES: Readonly<Record<Trouble, ReadStoreErrorCode>> = {
  full: 'read-store-full',
  'read-only': 'read-store-read-only',
  'cannot-open': 'read-store-unavailable',
  busy: 'read-store-busy',
  'no-database': 'read-store-corrupt',
  corrupt: 'read-store-corrupt',
  refused: 'row-refused',
  unavailable: 'read-store-unavailable',
};
