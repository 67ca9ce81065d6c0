import { type Trouble, troubleOf } from '@touchline/sqlite';
import { EventStoreError, type EventStoreErrorCode } from '../errors.ts';

type Meaning = readonly [code: EventStoreErrorCode, meaning: string];

const UNKNOWN: Meaning = ['event-store-unavailable', 'the log cannot be used'];

const MEANINGS: Readonly<Record<Trouble, Meaning>> = {
  full: ['event-store-full', 'no room left for the log'],
  'read-only': ['event-store-read-only', 'the log cannot be written'],
  'cannot-open': UNKNOWN,
  busy: ['event-store-busy', 'another process holds the log'],
  'no-database': ['event-store-foreign-file', 'the file is no log'],
  corrupt: ['event-store-corrupt', 'the log is damaged'],
  // The writer checks before it inserts, so only a damaged index can object.
  refused: ['event-store-corrupt', 'the log contradicts itself'],
  unavailable: UNKNOWN,
};

/** Whatever went wrong with the file, as the port names it. */
export function toEventStoreError(error: unknown): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const trouble = troubleOf(error);
  const [code, meaning] = trouble === undefined ? UNKNOWN : MEANINGS[trouble];
  const detail = error instanceof Error ? error.message : String(error);
  return new EventStoreError(code, `${meaning}: ${detail}`, { cause: error });
}
