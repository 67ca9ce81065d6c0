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
