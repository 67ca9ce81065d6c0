import { escapeIdentifier, type PoolClient } from 'pg';
import { TokenStoreError } from '../token-store-error.ts';
import type { TokenConnections } from './token-connections.ts';
import type { TokenPlace } from './token-place.ts';

const FORMAT = 1;

/** Times are milliseconds since 1970, those of the caller. */
const TABLES: readonly string[] = [
  'CREATE TABLE format (version integer NOT NULL)',
  `INSERT INTO format VALUES (${FORMAT})`,
  `CREATE TABLE tokens (id text COLLATE "C" PRIMARY KEY, digest text NOT NULL UNIQUE, name text NOT NULL,
     role text NOT NULL, scopes jsonb NOT NULL, created_at bigint NOT NULL, created_by text NOT NULL,
     expires_at bigint, revoked_at bigint, revoked_by text)`,
  'CREATE TABLE revision (value bigint NOT NULL)',
  'INSERT INTO revision VALUES (0)',
];

/** Makes the tables where there are none; one process at a time, and everybody else finds what it made. Throws `token-store-newer`. */
export async function prepareSchema(connections: TokenConnections): Promise<void> {
  const { place } = connections;
  const isMade = await connections.repeat((client) => hasTables(client, place));
  if (!isMade) await connections.transaction((client) => createTables(client, place));
  const { rows } = await connections.repeat((client) =>
    client.query<{ version: number }>('SELECT version FROM format'),
  );
  const version = rows[0]?.version ?? 0;
  if (version <= FORMAT) return;
  const message = `Tokens on PostgreSQL at ${place.name} have format ${version}, and this program knows ${FORMAT}: start a newer one`;
  throw new TokenStoreError('token-store-newer', message);
}

async function createTables(client: PoolClient, place: TokenPlace): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [place.schema]);
  if (await hasTables(client, place)) return;
  // An operator may have made it for a user who may not.
  if (!(await hasSchema(client, place)))
    await client.query(`CREATE SCHEMA ${escapeIdentifier(place.schema)}`);
  for (const statement of TABLES) await client.query(statement);
}

/** Asked of the catalogue's tables, not of `to_regclass`: that may remember in a transaction what others have changed since. */
function hasTables(client: PoolClient, { schema }: TokenPlace): Promise<boolean> {
  return isThere(client, "pg_tables WHERE schemaname = $1 AND tablename = 'tokens'", schema);
}

function hasSchema(client: PoolClient, { schema }: TokenPlace): Promise<boolean> {
  return isThere(client, 'pg_namespace WHERE nspname = $1', schema);
}

async function isThere(client: PoolClient, what: string, schema: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM ${what}) AS there`;
  const { rows } = await client.query<{ there: boolean }>(sql, [schema]);
  return rows[0]?.there === true;
}
