import { EventStoreError, type EventStoreErrorCode } from '../errors.ts';

type Meaning = readonly [code: EventStoreErrorCode, meaning: string];

const AWAY: Meaning = ['event-store-unavailable', 'the event store cannot be reached'];
const SLOW: Meaning = ['event-store-unavailable', 'the event store did not answer in time'];
const DENIED: Meaning = ['event-store-read-only', 'the event store does not let this user in'];
const REFUSED: Meaning = ['event-store-invalid-argument', 'the event store refuses what it was asked'];
const FOREIGN: Meaning = ['event-store-foreign-file', 'what answers there is no event store of ours'];
const FAILED: Meaning = ['event-store-unavailable', 'the event store failed'];

/** By the `type` of the client's own errors. What is not here goes by its gRPC code. */
const BY_TYPE: Readonly<Record<string, Meaning>> = {
  timeout: SLOW,
  'deadline-exceeded': SLOW,
  unavailable: AWAY,
  cancelled: AWAY,
  'not-leader': ['event-store-unavailable', 'the event store is choosing another leader'],
  'access-denied': DENIED,
  'invalid-argument': REFUSED,
  'stream-deleted': ['event-store-corrupt', 'a stream of the log was deleted'],
  'maximum-append-size-exceeded': [
    'event-store-invalid-argument',
    'the append is larger than the event store takes (its setting MaxAppendSize)',
  ],
  unsupported: FOREIGN,
};

/** https://grpc.io/docs/guides/status-codes/: an error that never became one of the client's own has only this. */
const BY_GRPC_CODE: Readonly<Record<number, Meaning>> = {
  1: AWAY,
  3: REFUSED,
  4: SLOW,
  7: DENIED,
  8: ['event-store-overloaded', 'the event store has too much to do'],
  10: SLOW,
  11: REFUSED,
  12: FOREIGN,
  14: AWAY,
  15: ['event-store-corrupt', 'the event store has lost data'],
  16: DENIED,
};

/** Whatever the client threw, as the port names it. */
export function toEventStoreError(error: unknown): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const [code, meaning] = BY_TYPE[typeOf(error)] ?? BY_GRPC_CODE[grpcCodeOf(error)] ?? FAILED;
  const detail = error instanceof Error ? error.message : String(error);
  return new EventStoreError(code, `${meaning}: ${detail}`, { cause: error });
}

/** UNKNOWN, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, INTERNAL: which one depends on the version of the server. */
const REFUSALS_OF_POSITIONS: ReadonlySet<number> = new Set([2, 3, 9, 11, 13]);

/** Whether a read from a position may have failed because no record begins there. */
export function mayBePosition(error: EventStoreError): boolean {
  const { cause } = error;
  return BY_TYPE[typeOf(cause)] === undefined && REFUSALS_OF_POSITIONS.has(grpcCodeOf(cause));
}

export function isStreamNotFound(error: unknown): boolean {
  return typeOf(error) === 'stream-not-found';
}

export function isWrongRevision(error: unknown): boolean {
  return typeOf(error) === 'wrong-expected-version';
}

/** Nothing was done; the client goes to the leader that it was told of with its next call. */
export function isNotLeader(error: unknown): boolean {
  return typeOf(error) === 'not-leader';
}

function typeOf(error: unknown): string {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : '';
}

function grpcCodeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : -1;
}
