import { hash, timingSafeEqual } from 'node:crypto';

/** Who is asking. */
export interface Principal {
  readonly id: string;
  readonly role: string;
  readonly scopes: readonly string[];
}

/**
 * Knows the tokens. Implementations keep hashes, never tokens, so that the time a comparison takes tells nothing of a
 * token. Synchronous, because every request waits for it: `StoredTokens` keeps the hashes of the store in memory.
 */
export interface AccessTokens {
  /** Changes when a token is made or revoked, or expires: what was answered before then no longer counts. */
  readonly revision: number;
  /** False while it cannot be told whether a token that is not known here is valid all the same. */
  readonly isComplete: boolean;
  /** Secret for signing sessions (at least 32 bytes). A change ends every session. */
  readonly sessionSecret: Buffer;
  /** Whose token this is. */
  authenticate(token: string): Principal | undefined;
  /** The principal with this id, while it holds a valid token. */
  find(id: string): Principal | undefined;
}

/** One token, which may do everything. */
export function adminTokens(token: string): AccessTokens {
  const admin: Principal = { id: 'admin', role: 'admin', scopes: ['*'] };
  const expected = hash('sha256', token, 'buffer');
  return {
    revision: 0,
    isComplete: true,
    sessionSecret: hash('sha256', `touchline session\n${token}`, 'buffer'),
    authenticate: (given) => (timingSafeEqual(hash('sha256', given, 'buffer'), expected) ? admin : undefined),
    find: (id) => (id === admin.id ? admin : undefined),
  };
}

/** The address that signs a browser in. It carries the token: show it to the person at the console, never log it. */
export function signInLink(origin: string, token: string): string {
  return `${origin}/?token=${encodeURIComponent(token)}`;
}
