export type ReadStoreErrorCode =
  | 'read-store-closed'
  | 'read-store-full'
  | 'read-store-busy'
  | 'read-store-unavailable'
  | 'read-store-corrupt'
  | 'read-store-read-only'
  | 'read-model-loading'
  | 'read-model-outdated'
  | 'read-model-of-other-log'
  | 'row-refused'
  | 'generation-unknown'
  | 'generation-in-use'
  | 'job-conflict'
  | 'repair-refused'
  | 'position-not-reached';

const RETRYABLE: ReadonlySet<ReadStoreErrorCode> = new Set([
  'read-store-full',
  'read-store-busy',
  'read-store-unavailable',
  'read-model-loading',
  'position-not-reached',
]);

/** A failure of a read model or its database, never of one event: an event that cannot be folded parks its customer. */
export class ReadStoreError extends Error {
  override readonly name = 'ReadStoreError';
  readonly code: ReadStoreErrorCode;

  constructor(code: ReadStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
