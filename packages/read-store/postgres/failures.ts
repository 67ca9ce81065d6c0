import { DatabaseError } from 'pg';
import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';

/** Whose statement failed: rows and tables are ours, a query is its author's. */
export type Statement = 'of the store' | 'of a query';

/**
 * What went wrong in terms of the port. Messages of the server are passed on only where they speak of technology: those
 * about values quote them, and so do the details of every error, and a row is personal.
 */
export function asReadStoreError(cause: unknown, place: string, statement: Statement): Error {
  if (cause instanceof ReadStoreError) return cause;
  if (!(cause instanceof DatabaseError)) return connectionLost(cause, place);
  const { code: state = '', message, table, column, constraint } = cause;
  const operational = codeOf(OPERATIONAL, state);
  if (operational !== undefined)
    return new ReadStoreError(operational, `PostgreSQL at ${place}: ${message} (${state})${adviceOn(state)}`);
  const about = [table, column, constraint].filter((name) => name !== undefined).join(', ');
  const words = `PostgreSQL refuses it (${state}${about === '' ? '' : `: ${about}`})`;
  if (statement === 'of a query')
    return new Error(`the query failed: ${isAboutSql(state) ? message : words}`);
  const code = codeOf(OF_THE_STORE, state) ?? 'read-store-unavailable';
  return new ReadStoreError(code, isAboutSql(state) ? `${message} (${state})` : words);
}

/** The driver tells with and without a code of the operating system that there is no connection (any more). */
function connectionLost(cause: unknown, place: string): ReadStoreError {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const why = typeof code === 'string' ? code : String(message);
  return new ReadStoreError(
    'read-store-unavailable',
    `PostgreSQL at ${place} cannot be reached (${why}): see that it runs there and lets this machine in`,
    { cause },
  );
}

function isAboutSql(state: string): boolean {
  return state.startsWith('42') || state.startsWith('3F');
}

function codeOf(codes: Codes, state: string): ReadStoreErrorCode | undefined {
  return codes.find(([beginning]) => state.startsWith(beginning))?.[1];
}

function adviceOn(state: string): string {
  return ADVICE.find(([beginning]) => state.startsWith(beginning))?.[1] ?? '';
}

/** By SQLSTATE; the first beginning that fits decides. */
type Codes = readonly (readonly [beginning: string, code: ReadStoreErrorCode])[];

const OPERATIONAL: Codes = [
  ['53100', 'read-store-full'],
  ['53', 'read-store-busy'],
  ['40', 'read-store-busy'],
  ['55P03', 'read-store-busy'],
  ['57014', 'read-store-busy'],
  ['57P', 'read-store-unavailable'],
  ['25P03', 'read-store-unavailable'],
  ['08', 'read-store-unavailable'],
  // After a fail-over a connection may stay with the server that was left behind.
  ['25006', 'read-store-unavailable'],
  ['28', 'read-store-unavailable'],
  ['3D000', 'read-store-unavailable'],
  ['58', 'read-store-unavailable'],
  ['42501', 'read-store-read-only'],
  ['XX001', 'read-store-corrupt'],
  ['XX002', 'read-store-corrupt'],
];

const OF_THE_STORE: Codes = [
  ['22', 'row-refused'],
  ['23', 'row-refused'],
  ['54', 'row-refused'],
  ['3F000', 'read-store-corrupt'],
  ['42', 'read-store-corrupt'],
];

const ADVICE: readonly (readonly [beginning: string, advice: string])[] = [
  ['28', '; correct user and password of TOUCHLINE_READ_STORE'],
  ['3D000', '; create the database, or correct the name in TOUCHLINE_READ_STORE'],
  ['42501', '; the user needs the right to CREATE in its database'],
  ['25006', '; it is a standby, or was told to be read-only'],
  ['53300', '; raise max_connections, or stop what holds them'],
];
