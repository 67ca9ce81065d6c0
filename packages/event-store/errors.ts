export type EventStoreErrorCode =
  | 'event-store-closed'
  | 'event-store-full'
  | 'event-store-read-only'
  | 'event-store-busy'
  | 'event-store-unavailable'
  | 'event-store-corrupt'
  | 'event-store-foreign-file'
  | 'event-store-newer-version'
  | 'event-store-overloaded'
  | 'event-store-invalid-argument'
  | 'event-store-position-unknown';

const RETRYABLE: ReadonlySet<EventStoreErrorCode> = new Set([
  'event-store-full',
  'event-store-busy',
  'event-store-unavailable',
  'event-store-overloaded',
]);

/** A failure of the log itself. Nothing of the failed append is acknowledged. */
export class EventStoreError extends Error {
  override readonly name = 'EventStoreError';
  readonly code: EventStoreErrorCode;

  constructor(code: EventStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
