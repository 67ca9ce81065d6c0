import { Client } from 'pg';
import { afterAll, test } from 'vitest';
import { OwnSchema, openPostgresForTests, type PostgresForTests } from '../../../../test/support/postgres.ts';
import type { KeyRing } from '../../key-ring.ts';
import { openPostgresKeyRing, type PostgresKeyRingOptions } from '../index.ts';

export const MASTER_KEY = Buffer.alloc(32, 7);

/** One server for a whole test file. */
export class KeyDatabases {
  readonly postgres: PostgresForTests;
  /** Whether the files of the database can be looked into: superusers may. */
  readonly isOpen: boolean;

  private constructor(postgres: PostgresForTests, isOpen: boolean) {
    this.postgres = postgres;
    this.isOpen = isOpen;
  }

  /** Declares `tests` where there is a server, else one test that is skipped with the reason. */
  static async declare(what: string, tests: (databases: KeyDatabases) => void): Promise<void> {
    const postgres = await openPostgresForTests();
    if ('missing' in postgres) {
      test.skip(`${what}: ${postgres.missing}`, () => {});
      return;
    }
    afterAll(() => postgres.close());
    const [role] = await new KeyDatabase(postgres).sql<{ isOpen: boolean }>(
      'SELECT rolsuper AS "isOpen" FROM pg_roles WHERE rolname = current_user',
    );
    tests(new KeyDatabases(postgres, role?.isOpen ?? false));
  }

  create(): KeyDatabase {
    return new KeyDatabase(this.postgres);
  }
}

/** Room for the keys of one test, with the key rings opened in it. */
export class KeyDatabase {
  readonly schema: string;
  readonly url: string;
  readonly #database: string;
  readonly #own: OwnSchema;
  readonly #rings: KeyRing[] = [];

  constructor(postgres: PostgresForTests) {
    this.#own = new OwnSchema(postgres);
    this.#database = postgres.url;
    this.schema = `keys_of_${this.#own.schema}`;
    this.url = this.#own.url();
  }

  async open(options: Partial<PostgresKeyRingOptions> = {}): Promise<KeyRing> {
    const ring = await openPostgresKeyRing({ url: this.url, masterKey: MASTER_KEY, ...options });
    this.#rings.push(ring);
    return ring;
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

  /** The content of every file of the database, in hex. */
  async files(): Promise<string> {
    await this.sql('CHECKPOINT');
    const [{ bytes = '' } = {}] = await this.sql<{ bytes: string }>(`
      SELECT string_agg(encode(pg_read_binary_file(folder || '/' || name, 0, 1 << 29, true), 'hex'), '') AS bytes
      FROM (SELECT 'base/' || oid AS folder FROM pg_database WHERE datname = current_database()) AS of,
        LATERAL pg_ls_dir(folder) AS name`);
    return bytes;
  }

  /** Ends every connection of the key rings, as a fail-over does. Answers how many there were. */
  async terminate(): Promise<number> {
    const ended = await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '${this.schema}%'`,
    );
    return ended.length;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#rings.map((ring) => ring.close()));
    await this.#own.drop();
  }
}
