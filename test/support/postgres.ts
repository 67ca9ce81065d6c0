import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { givenBy, type Missing, openBackingService } from './backing-services.ts';
import { PostgresServer } from './postgres-server.ts';

/** A PostgreSQL database that tests may use, whoever runs it. */
export interface PostgresForTests {
  readonly url: string;
  /** Only where the server is ours. */
  readonly server?: PostgresServer;
  close(): Promise<void>;
}

/** The database named by `TOUCHLINE_TEST_POSTGRES`, else a server from the npm packages, else the system's. */
export function openPostgresForTests(): Promise<PostgresForTests | Missing> {
  return openBackingService({ name: 'postgres', title: 'PostgreSQL', ways: [given, ours] });
}

async function given(): Promise<PostgresForTests> {
  return { url: givenBy('TOUCHLINE_TEST_POSTGRES'), close: async () => {} };
}

async function ours(): Promise<PostgresForTests> {
  const server = await PostgresServer.start();
  return { url: server.url, server, close: () => server.close() };
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

/** Room for what one store of an installation keeps, in the schema `<kept>_of_...`, with the stores opened in it. */
export class OwnStores<Store extends { close(): Promise<void> }> {
  readonly schema: string;
  readonly url: string;
  readonly #database: string;
  readonly #own: OwnSchema;
  readonly #opened: Store[] = [];

  constructor(postgres: PostgresForTests, kept: string) {
    this.#own = new OwnSchema(postgres);
    this.#database = postgres.url;
    this.schema = `${kept}_of_${this.#own.schema}`;
    this.url = this.#own.url();
  }

  /** Closed with the room. */
  protected opened<Opened extends Store>(store: Opened): Opened {
    this.#opened.push(store);
    return store;
  }

  /** As an operator does it, on a connection of its own; `during` runs before it ends. */
  async sql<Row extends object>(text: string, during?: () => Promise<void>): Promise<Row[]> {
    const client = new Client({ connectionString: this.#database });
    await client.connect();
    try {
      await client.query(`SET search_path = ${this.schema}`);
      const { rows } = await client.query<Row>(text);
      await during?.();
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Ends every connection of the stores, as a fail-over does. Answers how many there were. */
  async terminate(): Promise<number> {
    const ended = await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '${this.schema}%'`,
    );
    return ended.length;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
    await this.#own.drop();
  }
}
