import { hash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { MAX_TOKENS, type NewToken, type TokenRecord } from './token-store.ts';
import { TokenStoreError } from './token-store-error.ts';

const TOKEN_BYTES = 32;

/** A token with what is stored of it. */
export interface IssuedToken {
  readonly token: string;
  readonly digest: string;
  readonly record: TokenRecord;
}

/** Ids sort as they were made, in one process also within a millisecond (RFC 9562, section 6.2; those of `node:crypto` do not). */
export function issueToken(wanted: NewToken): IssuedToken {
  const token = `tl_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const { expiresAt, ...rest } = wanted;
  const record = { id: v7(), ...rest, expiresAt, revokedAt: undefined, revokedBy: undefined };
  return { token, digest: digestOf(token), record };
}

/**
 * SHA-256 in hex. A hash that is slow on purpose protects what people think up; nobody guesses 256 random bits, however
 * fast the guesses are tried, and every new connection waits for this.
 */
export function digestOf(token: string): string {
  return hash('sha256', token);
}

export function tooManyTokens(): TokenStoreError {
  return new TokenStoreError(
    'too-many-tokens',
    `There are ${MAX_TOKENS} tokens in force: revoke some that are not needed any more.`,
  );
}
