import { hasTable, makeTables } from '@touchline/postgres';
import { TokenStoreError } from '../token-store-error.ts';
import type { TokenConnections } from './token-connections.ts';

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
  const { name, schema } = connections.place;
  const table = 'tokens';
  if (!(await connections.repeat((client) => hasTable(client, schema, table))))
    await connections.transaction((client) =>
      makeTables(client, { schema, table }, async () => {
        for (const statement of TABLES) await client.query(statement);
      }),
    );
  const { rows } = await connections.repeat((client) =>
    client.query<{ version: number }>('SELECT version FROM format'),
  );
  const version = rows[0]?.version ?? 0;
  if (version <= FORMAT) return;
  const message = `Tokens on PostgreSQL at ${name} have format ${version}, and this program knows ${FORMAT}: start a newer one`;
  throw new TokenStoreError('token-store-newer', message);
}
