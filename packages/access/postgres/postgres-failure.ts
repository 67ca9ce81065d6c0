import { DatabaseError } from 'pg';
import { TokenStoreError, type TokenStoreErrorCode } from '../token-store-error.ts';

type Meaning = readonly [beginning: string, code: TokenStoreErrorCode, advice: string];

/** By SQLSTATE; the first beginning that fits decides. */
const MEANINGS: readonly Meaning[] = [
  ['53100', 'token-store-full', 'make room on its disk'],
  ['53300', 'token-store-busy', 'raise max_connections, or stop what holds them'],
  ['53', 'token-store-busy', 'it lacks resources'],
  ['40', 'token-store-busy', 'try again'],
  ['55P03', 'token-store-busy', 'another process holds the row'],
  ['57014', 'token-store-busy', 'it took too long'],
  // After a fail-over a connection may stay with the server that was left behind.
  ['25006', 'token-store-unavailable', 'it is a standby, or was told to be read-only'],
  ['28', 'token-store-unavailable', 'correct user and password of TOUCHLINE_TOKEN_STORE'],
  ['3D000', 'token-store-unavailable', 'create the database, or correct the name in TOUCHLINE_TOKEN_STORE'],
  [
    '42501',
    'token-store-read-only',
    'the user needs the right to CREATE in its database, and to own the tokens',
  ],
  ['XX00', 'token-store-corrupt', 'restore it from its backup'],
  [
    '3F000',
    'token-store-corrupt',
    'its tables are gone: restore them from their backup, or start again without',
  ],
  [
    '42P01',
    'token-store-corrupt',
    'its tables are gone: restore them from their backup, or start again without',
  ],
];

const UNKNOWN: Meaning = ['', 'token-store-unavailable', 'see its log'];

/** What a failure means for the tokens. The server's own error is not passed on: it quotes rows. `place` names no user. */
export function tokenStoreErrorOf(failure: unknown, place: string): TokenStoreError {
  if (failure instanceof TokenStoreError) return failure;
  if (failure instanceof DatabaseError) {
    const { code: state = '' } = failure;
    const [, code, advice] = MEANINGS.find(([beginning]) => state.startsWith(beginning)) ?? UNKNOWN;
    return new TokenStoreError(code, `Tokens on PostgreSQL at ${place}: it refuses (${state}); ${advice}`);
  }
  const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
  const why = typeof code === 'string' ? code : String(message);
  return new TokenStoreError(
    'token-store-unavailable',
    `Tokens on PostgreSQL at ${place} cannot be reached (${why}): see that it runs there and lets this machine in`,
    { cause: failure },
  );
}

/** Whether the connection is of no use any more, as opposed to one statement. */
export function endsConnection(failure: unknown): boolean {
  return failure instanceof TokenStoreError && failure.code === 'token-store-unavailable';
}
