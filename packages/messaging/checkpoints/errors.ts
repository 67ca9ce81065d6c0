export type CheckpointsErrorCode =
  | 'checkpoints-closed'
  | 'checkpoints-full'
  | 'checkpoints-read-only'
  | 'checkpoints-busy'
  | 'checkpoints-unavailable'
  | 'checkpoints-corrupt'
  | 'checkpoints-foreign-file';

const RETRYABLE: ReadonlySet<CheckpointsErrorCode> = new Set([
  'checkpoints-full',
  'checkpoints-busy',
  'checkpoints-unavailable',
]);

/** A failure of the store itself. What the failed call was to change may have changed all the same. */
export class CheckpointsError extends Error {
  override readonly name = 'CheckpointsError';
  readonly code: CheckpointsErrorCode;

  constructor(code: CheckpointsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
