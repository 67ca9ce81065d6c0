export type TokenStoreErrorCode =
  | 'token-store-closed'
  | 'token-store-full'
  | 'token-store-read-only'
  | 'token-store-busy'
  | 'token-store-unavailable'
  | 'token-store-corrupt'
  | 'token-store-foreign-file'
  | 'token-store-newer'
  | 'token-store-invalid-address'
  | 'too-many-tokens';

const RETRYABLE: ReadonlySet<TokenStoreErrorCode> = new Set([
  'token-store-full',
  'token-store-busy',
  'token-store-unavailable',
]);

/** A failure of the token store. Its text never holds a token, a hash or the name of one. */
export class TokenStoreError extends Error {
  override readonly name = 'TokenStoreError';
  readonly code: TokenStoreErrorCode;

  constructor(code: TokenStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
