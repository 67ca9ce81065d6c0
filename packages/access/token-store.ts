/** Tokens in force at once: far more than people and services of one company, and few enough to be held in memory. */
export const MAX_TOKENS = 1_000;
/** With those that were revoked or have expired. Beyond, the oldest of these are forgotten. */
export const MAX_TOKEN_RECORDS = 2_000;

/**
 * The tokens of an installation. The port every adapter implements and the contract suite holds it to.
 *
 * Tokens are stored as hashes: who reads the store cannot come in with what is there. Times are milliseconds since 1970 and
 * those of the caller. Throws `TokenStoreError`; after a failure that is retryable, what was asked for may be done all the same.
 */
export interface TokenStore {
  /** Makes a token, durable when answered. Throws `too-many-tokens` when `MAX_TOKENS` are in force. */
  create(wanted: NewToken): Promise<CreatedToken>;

  /**
   * Newest first by the clocks of the processes that made them, also those that are revoked or have expired; after
   * `before`, an id, if it is given.
   */
  list(page: {
    readonly limit: number;
    readonly before?: string | undefined;
  }): Promise<readonly TokenRecord[]>;

  /** Ends a token, durably when answered. One that is revoked stays as it is. Nothing when there is no such token. */
  revoke(id: string, by: Revocation): Promise<TokenRecord | undefined>;

  /**
   * Every token that is not revoked, as of one moment. Nothing when the revision is still `known`: then nothing has
   * changed. Cheap enough to be asked every second.
   */
  read(known?: number): Promise<TokenSet | undefined>;

  /** Whether the store can be used. */
  check(): Promise<void>;

  /** After calls under way. Later ones fail with `token-store-closed`. */
  close(): Promise<void>;
}

export interface NewToken {
  /** What it is for, in words. */
  readonly name: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** Id of the principal who asks for it. */
  readonly createdBy: string;
  /** From then on it is refused. Without it, it lasts until it is revoked. */
  readonly expiresAt?: number | undefined;
}

export interface Revocation {
  readonly at: number;
  /** Id of the principal who asks for it. */
  readonly by: string;
}

/** All that can be told about a token: neither itself nor its hash. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly revokedBy: string | undefined;
}

export interface CreatedToken {
  /** The only time it is seen: nobody can tell it again. */
  readonly token: string;
  readonly record: TokenRecord;
}

export interface TokenSet {
  /** Grows with every token that is made or revoked. */
  readonly revision: number;
  readonly tokens: readonly StoredToken[];
}

/** What is needed to let somebody in. */
export interface StoredToken {
  readonly id: string;
  /** As `digestOf` answers it. */
  readonly digest: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | undefined;
}
