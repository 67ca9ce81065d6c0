import { Client } from 'pg';
import { onPostgres } from '../../../../test/support/on-postgres.ts';
import { OwnSchema, type PostgresForTests } from '../../../../test/support/postgres.ts';
import type { ReadStore } from '../../index.ts';
import { openPostgresReadStore, type PostgresReadStoreOptions } from '../index.ts';

type Open = (options?: Partial<PostgresReadStoreOptions>) => ReadStore;

/** One server for a whole test file, and on it an installation for each test. */
export class TestDatabase {
  readonly postgres: PostgresForTests;

  private constructor(postgres: PostgresForTests) {
    this.postgres = postgres;
  }

  /** Declares `tests` where there is a server, else one test that is skipped with the reason. */
  static async declare(what: string, tests: (database: TestDatabase) => void): Promise<void> {
    await onPostgres(what, (postgres) => tests(new TestDatabase(postgres)));
  }

  /** Runs a test on an installation of its own: `open` opens another store on it. */
  async using(run: (open: Open, own: OwnSchema) => Promise<void>): Promise<void> {
    const own = new OwnSchema(this.postgres);
    const stores: ReadStore[] = [];
    const open: Open = (options = {}) => {
      const store = openPostgresReadStore({ ...options, url: own.url(options.url) });
      stores.push(store);
      return store;
    };
    try {
      await run(open, own);
    } finally {
      for (const store of stores) await store.close();
      await own.drop();
    }
  }

  /** As an operator does it, on a connection of its own. */
  async sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.postgres.url });
    await client.connect();
    try {
      await client.query('SET default_transaction_read_only = off');
      return (await client.query(text, [...parameters])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Runs `work` while a transaction that began with `text` stays as it is. */
  async during(text: string, work: () => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: this.postgres.url });
    await client.connect();
    try {
      await client.query(`BEGIN; ${text}`);
      await work();
    } finally {
      await client.end();
    }
  }

  /** Ends the connections of one installation, as an operator or a fail-over does. Answers how many there were. */
  async terminate(schema: string, purpose = ''): Promise<number> {
    const ended = await this.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE $1 || ' %' || $2",
      [schema, purpose],
    );
    return ended.length;
  }
}
