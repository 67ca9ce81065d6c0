import { Client } from 'pg';

/** Drops everything that the installation named `schema` has in the database. */
export async function dropSchemas(url: string, schema: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ drop: string }>(
      "SELECT format('DROP SCHEMA %I CASCADE', nspname) AS drop FROM pg_namespace WHERE nspname = $1 OR nspname LIKE $1 || '\\_%'",
      [schema],
    );
    for (const { drop } of rows) await client.query(drop);
  } finally {
    await client.end();
  }
}
