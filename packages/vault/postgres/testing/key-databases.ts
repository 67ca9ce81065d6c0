import { OwnStores, type PostgresForTests } from '../../../../test/support/postgres.ts';
import type { KeyRing } from '../../key-ring.ts';
import { openPostgresKeyRing, type PostgresKeyRingOptions } from '../index.ts';

export const MASTER_KEY = Buffer.alloc(32, 7);

/** Room for the keys of one test. */
export class KeyDatabase extends OwnStores<KeyRing> {
  constructor(postgres: PostgresForTests) {
    super(postgres, 'keys');
  }

  async open(options: Partial<PostgresKeyRingOptions> = {}): Promise<KeyRing> {
    return this.opened(await openPostgresKeyRing({ url: this.url, masterKey: MASTER_KEY, ...options }));
  }

  /** Whether the files of the database can be looked into: superusers may. */
  async isOpen(): Promise<boolean> {
    const [role] = await this.sql<{ isOpen: boolean }>(
      'SELECT rolsuper AS "isOpen" FROM pg_roles WHERE rolname = current_user',
    );
    return role?.isOpen ?? false;
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
}
