import { escapeIdentifier, type PoolClient } from 'pg';

/**
 * Makes a schema with its tables within the transaction of `client`, unless the table named is there, which is made with all others.
 * One process at a time, and everybody else finds what it made.
 */
export async function makeTables(
  client: PoolClient,
  { schema, table }: { readonly schema: string; readonly table: string },
  make: () => Promise<void>,
): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [schema]);
  if (await hasTable(client, schema, table)) return;
  // An operator may have made it for a user who may not.
  if (!(await isThere(client, 'pg_namespace WHERE nspname = $1', [schema])))
    await client.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`);
  await make();
}

/** Asked of the catalogue's tables, not of `to_regclass`: that may remember in a transaction what others have changed since. */
export function hasTable(client: PoolClient, schema: string, table: string): Promise<boolean> {
  return isThere(client, 'pg_tables WHERE schemaname = $1 AND tablename = $2', [schema, table]);
}

async function isThere(client: PoolClient, what: string, values: readonly string[]): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM ${what}) AS there`;
  const { rows } = await client.query<{ there: boolean }>(sql, [...values]);
  return rows[0]?.there === true;
}
