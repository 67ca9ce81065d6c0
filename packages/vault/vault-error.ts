export type VaultErrorCode =
  | 'master-key-missing'
  | 'master-key-malformed'
  | 'master-key-exposed'
  | 'master-key-unwritable'
  | 'master-key-wrong'
  | 'vault-missing'
  | 'vault-newer'
  | 'vault-closed'
  | 'vault-full'
  | 'vault-read-only'
  | 'vault-busy'
  | 'vault-overloaded'
  | 'vault-unavailable'
  | 'vault-corrupt'
  | 'vault-invalid-argument'
  | 'key-unknown'
  | 'key-corrupt'
  | 'shred-incomplete'
  | 'sealed-text-corrupt';

const RETRYABLE: ReadonlySet<VaultErrorCode> = new Set([
  'vault-full',
  'vault-busy',
  'vault-overloaded',
  'vault-unavailable',
  'shred-incomplete',
]);

/** A failure of the vault. Its text never holds a key, a plain text or an identifier. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  /** With `key-unknown` and `key-corrupt`: the keys that are meant; every other key is fine. */
  readonly keyids: readonly string[];

  constructor(
    code: VaultErrorCode,
    message: string,
    options?: ErrorOptions & { keyids?: readonly string[] },
  ) {
    super(message, options);
    this.code = code;
    this.keyids = options?.keyids ?? [];
  }

  /** Whether the same call may succeed later without anything being changed in it. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
