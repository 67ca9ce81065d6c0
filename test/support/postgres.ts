import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { PostgresServer } from './postgres-server.ts';

/** A PostgreSQL database that tests may use, whoever runs it. */
export interface PostgresForTests {
  readonly url: string;
  /** Only where the server is ours. */
  readonly server?: PostgresServer;
  close(): Promise<void>;
}

/**
 * The database named by `TOUCHLINE_TEST_POSTGRES`, else a server from the npm packages, else the system's. Answers the reason
 * where there is none, and throws it when `TOUCHLINE_TEST_REQUIRE` names `postgres`.
 */
export async function openPostgresForTests(): Promise<PostgresForTests | { readonly missing: string }> {
  const given = process.env.TOUCHLINE_TEST_POSTGRES;
  if (given) return { url: given, close: async () => {} };
  try {
    const server = await PostgresServer.start();
    return { url: server.url, server, close: () => server.close() };
  } catch (cause) {
    const missing = `no PostgreSQL can be had here: ${cause instanceof Error ? cause.message : String(cause)}`;
    const isRequired = (process.env.TOUCHLINE_TEST_REQUIRE ?? '').split(',').includes('postgres');
    if (isRequired) throw new Error(missing, { cause });
    process.stderr.write(`${missing}\n`);
    return { missing };
  }
}

/** Room in a database for one installation: everything in it is its own, and gone with `drop`. */
export class OwnSchema {
  readonly schema = `t${randomBytes(6).toString('hex')}`;
  readonly #database: string;

  constructor({ url }: PostgresForTests) {
    this.#database = url;
  }

  /** Of the installation; on another server when `database` says so. */
  url(database = this.#database): string {
    const place = new URL(database);
    place.searchParams.set('schema', this.schema);
    return place.href;
  }

  async drop(): Promise<void> {
    const client = new Client({ connectionString: this.#database });
    await client.connect();
    try {
      const { rows } = await client.query<{ drop: string }>(
        "SELECT format('DROP SCHEMA %I CASCADE', nspname) AS drop FROM pg_namespace WHERE nspname LIKE '%' || $1 || '%'",
        [this.schema],
      );
      for (const { drop } of rows) await client.query(drop);
    } finally {
      await client.end();
    }
  }
}
