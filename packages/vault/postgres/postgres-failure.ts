import { DatabaseError } from 'pg';
import { VaultError, type VaultErrorCode } from '../vault-error.ts';

/**
 * What a failure of PostgreSQL means for the vault. Messages of the server are passed on only where they speak of
 * technology, and its error never: it quotes rows, and a row holds a wrapped key.
 */
export function vaultErrorOf(cause: unknown, place: string): VaultError {
  if (cause instanceof VaultError) return cause;
  if (!(cause instanceof DatabaseError)) return connectionLost(cause, place);
  const { code: state = '', message } = cause;
  const [, code, advice = ''] = CODES.find(([beginning]) => state.startsWith(beginning)) ?? UNKNOWN;
  const words = isAboutValues(state) ? 'it refuses a value' : message;
  return new VaultError(code, `Keys on PostgreSQL at ${place}: ${words} (${state})${advice}`);
}

/** Whether the connection is of no use any more, as opposed to one statement. */
export function endsConnection(failure: unknown): boolean {
  return failure instanceof VaultError && failure.code === 'vault-unavailable';
}

/** The driver tells with and without a code of the operating system that there is no connection (any more). */
function connectionLost(cause: unknown, place: string): VaultError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const why = typeof code === 'string' ? code : String(message);
  return new VaultError(
    'vault-unavailable',
    `Keys on PostgreSQL at ${place} cannot be reached (${why}): see that it runs there and lets this machine in`,
    { cause },
  );
}

function isAboutValues(state: string): boolean {
  return state.startsWith('22') || state.startsWith('23') || state.startsWith('54');
}

type Meaning = readonly [beginning: string, code: VaultErrorCode, advice?: string];

const UNKNOWN: Meaning = ['', 'vault-unavailable'];

/** By SQLSTATE; the first beginning that fits decides. */
const CODES: readonly Meaning[] = [
  ['53100', 'vault-full'],
  ['53300', 'vault-busy', '; raise max_connections, or stop what holds them'],
  ['53', 'vault-busy'],
  ['40', 'vault-busy'],
  ['55P03', 'vault-busy'],
  ['57014', 'vault-busy'],
  ['57P', 'vault-unavailable'],
  ['25P03', 'vault-unavailable'],
  ['08', 'vault-unavailable'],
  ['58', 'vault-unavailable'],
  // After a fail-over a connection may stay with the server that was left behind.
  ['25006', 'vault-unavailable', '; it is a standby, or was told to be read-only'],
  ['28', 'vault-unavailable', '; correct user and password of TOUCHLINE_KEY_STORE'],
  ['3D000', 'vault-unavailable', '; create the database, or correct the name in TOUCHLINE_KEY_STORE'],
  ['42501', 'vault-read-only', '; the user needs the right to CREATE in its database, and to own the keys'],
  ['XX', 'vault-corrupt'],
  ['3F', 'vault-corrupt'],
  ['42', 'vault-corrupt'],
  ['22', 'vault-invalid-argument'],
  ['23', 'vault-corrupt'],
  ['54', 'vault-invalid-argument'],
];
