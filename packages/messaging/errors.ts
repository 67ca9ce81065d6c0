export type MessagingErrorCode =
  | 'messaging-closed'
  | 'messaging-unavailable'
  | 'messaging-timeout'
  | 'messaging-refused'
  | 'message-too-large'
  | 'topic-missing'
  | 'topic-unfit';

const RETRYABLE: ReadonlySet<MessagingErrorCode> = new Set(['messaging-unavailable', 'messaging-timeout']);

/** A failure of the broker or of the way to it. Nothing of the failed call is acknowledged. */
export class MessagingError extends Error {
  override readonly name = 'MessagingError';
  readonly code: MessagingErrorCode;

  constructor(code: MessagingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
