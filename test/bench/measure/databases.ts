import { Client, escapeIdentifier as quote } from 'pg';

/** Drops every schema of Touchline in a database that is there for nothing else. */
export async function dropEverything(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ nspname: string }>(
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'touchline%'",
    );
    for (const { nspname } of rows) await client.query(`DROP SCHEMA ${quote(nspname)} CASCADE`);
  } finally {
    await client.end();
  }
}
