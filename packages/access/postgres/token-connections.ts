import { Connections } from '@touchline/postgres';
import { TokenStoreError } from '../token-store-error.ts';
import { endsConnection, tokenStoreErrorOf } from './postgres-failure.ts';
import type { TokenPlace } from './token-place.ts';

const LIMITS = {
  /** One for reading every second, one for who makes or revokes a token meanwhile. */
  maxConnections: 2,
  maxWaitingCalls: 100,
  connectMs: 2_000,
  queryMs: 4_000,
};

/** Connections to the database that holds the tokens. Throws `TokenStoreError` only. */
export class TokenConnections extends Connections {
  readonly place: TokenPlace;

  constructor(place: TokenPlace) {
    const { url, settings, name } = place;
    const errors = {
      of: (cause: unknown) => tokenStoreErrorOf(cause, name),
      endsConnection,
      closed: () => new TokenStoreError('token-store-closed', 'The token store is closed.'),
      overloaded: () =>
        new TokenStoreError(
          'token-store-busy',
          `More than ${LIMITS.maxWaitingCalls} calls wait for the tokens.`,
        ),
      standby: () =>
        new TokenStoreError('token-store-unavailable', `Tokens on PostgreSQL at ${name}: it is a standby.`),
    };
    super({ url, settings, errors, ...LIMITS });
    this.place = place;
  }
}
