import { Client } from 'pg';
import { afterAll, test } from 'vitest';
import { OwnSchema, openPostgresForTests, type PostgresForTests } from '../../../../test/support/postgres.ts';
import type { TokenStore } from '../../token-store.ts';
import { openPostgresTokenStore } from '../index.ts';

/** Declares `tests` where there is a server, else one test that is skipped with the reason. */
export async function onPostgres(what: string, tests: (postgres: PostgresForTests) => void): Promise<void> {
  const postgres = await openPostgresForTests();
  if ('missing' in postgres) {
    test.skip(`${what}: ${postgres.missing}`, () => {});
    return;
  }
  afterAll(() => postgres.close());
  tests(postgres);
}

/** Room for the tokens of one test, with the stores opened in it. */
export class TokenDatabase {
  readonly schema: string;
  readonly url: string;
  readonly #database: string;
  readonly #own: OwnSchema;
  readonly #stores: TokenStore[] = [];

  constructor(postgres: PostgresForTests) {
    this.#own = new OwnSchema(postgres);
    this.#database = postgres.url;
    this.schema = `tokens_of_${this.#own.schema}`;
    this.url = this.#own.url();
  }

  open(url = this.url): TokenStore {
    const store = openPostgresTokenStore({ url });
    this.#stores.push(store);
    return store;
  }

  /** As an operator does it, on a connection of its own. */
  async sql<Row extends object>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.#database });
    await client.connect();
    try {
      await client.query(`SET search_path = ${this.schema}`);
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends every connection of the stores, as a fail-over does. Answers how many there were. */
  async terminate(): Promise<number> {
    const ended = await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${this.schema}'`,
    );
    return ended.length;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.close()));
    await this.#own.drop();
  }
}
