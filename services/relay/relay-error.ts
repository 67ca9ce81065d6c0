export type RelayErrorCode = 'checkpoint-moved';

/** The relay cannot go on as it is. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: RelayErrorCode;
  readonly isRetryable = true;

  constructor(code: RelayErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Its code, for counting; the class of what has none. */
export function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'unknown';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}
