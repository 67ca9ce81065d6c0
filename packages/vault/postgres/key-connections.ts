import { Connections } from '@touchline/postgres';
import { VaultError } from '../vault-error.ts';
import type { KeyPlace } from './key-place.ts';
import { endsConnection, vaultErrorOf } from './postgres-failure.ts';

const LIMITS = {
  /** Looks are short and new keys share a commit: more would only wait for each other at the server. */
  maxConnections: 4,
  maxWaitingCalls: 1_000,
  connectMs: 5_000,
  queryMs: 15_000,
};

/** Connections to the database that holds the keys. Throws `VaultError` only; `vault-unavailable` ends a connection. */
export class KeyConnections extends Connections {
  readonly place: KeyPlace;

  constructor(place: KeyPlace) {
    const { url, settings, name } = place;
    const errors = {
      of: (cause: unknown) => vaultErrorOf(cause, name),
      endsConnection,
      closed: () => new VaultError('vault-closed', 'The key ring is closed.'),
      overloaded: () =>
        new VaultError('vault-overloaded', `More than ${LIMITS.maxWaitingCalls} calls wait for the keys.`),
      standby: () => new VaultError('vault-unavailable', `Keys on PostgreSQL at ${name}: it is a standby.`),
    };
    super({ url, settings, errors, ...LIMITS });
    this.place = place;
  }
}
