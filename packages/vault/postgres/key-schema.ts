import { hasTable, makeTables } from '@touchline/postgres';
import type { PoolClient } from 'pg';
import { VaultError } from '../vault-error.ts';
import type { KeyConnections } from './key-connections.ts';
import type { KeyPlace } from './key-place.ts';
import { createSecrets } from './secrets.ts';
import { SHELVES, shelfTable } from './shelves.ts';

const FORMAT = 1;
/** The oldest version that understands every statement used here. */
const OLDEST_VERSION = 140_000;

/**
 * Key numbers are never given twice, and numbers of shredded keys are remembered, so that an id is told from one that was
 * never given. `shreds` changes with every shred. Without statistics of its own: they would be copies of wrapped keys.
 */
const TABLES: readonly string[] = [
  'CREATE TABLE format (version integer NOT NULL)',
  `INSERT INTO format VALUES (${FORMAT})`,
  'CREATE TABLE secrets (name text PRIMARY KEY, wrapped bytea NOT NULL)',
  'CREATE TABLE shreds (mark uuid NOT NULL)',
  'INSERT INTO shreds VALUES (gen_random_uuid())',
  'CREATE TABLE shredded_keys (number bigint PRIMARY KEY, is_wiped boolean NOT NULL DEFAULT false)',
  'CREATE INDEX not_wiped ON shredded_keys (number) WHERE NOT is_wiped',
  'CREATE SEQUENCE key_serials',
  `CREATE TABLE keys (shelf smallint NOT NULL, number bigint NOT NULL, subject text COLLATE "C" NOT NULL,
     wrapped bytea NOT NULL, PRIMARY KEY (shelf, number), UNIQUE (shelf, subject)) PARTITION BY LIST (shelf)`,
  ...Array.from(
    { length: SHELVES },
    (_, shelf) => `CREATE TABLE ${shelfTable(shelf)} PARTITION OF keys FOR VALUES IN (${shelf})`,
  ),
  'ALTER TABLE keys ALTER COLUMN wrapped SET STATISTICS 0',
];

/**
 * Makes tables and secrets where there are none, unless `create` forbids it; one process at a time, and everybody else
 * finds what it made. Throws `vault-missing` or `vault-newer`.
 */
export async function prepareSchema(
  connections: KeyConnections,
  masterKey: Buffer,
  create: boolean,
): Promise<void> {
  const { place } = connections;
  const isMade = await connections.repeat((client) => hasTable(client, place.schema, 'keys'));
  if (!isMade) {
    if (!create) throw missing(place);
    await connections.transaction((client) => createTables(client, place, masterKey));
  }
  const { rows } = await connections.repeat((client) =>
    client.query<{ version: number }>('SELECT version FROM format'),
  );
  const version = rows[0]?.version ?? 0;
  if (version > FORMAT)
    throw new VaultError('vault-newer', `The keys have format ${version}; this program knows ${FORMAT}.`);
}

async function createTables(client: PoolClient, { schema }: KeyPlace, masterKey: Buffer): Promise<void> {
  await assertUsable(client);
  await makeTables(client, { schema, table: 'keys' }, async () => {
    for (const statement of TABLES) await client.query(statement);
    await createSecrets(client, masterKey);
  });
}

async function assertUsable(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding",
  );
  const [{ version, encoding } = { version: 0, encoding: '' }] = rows;
  if (version < OLDEST_VERSION)
    throw unusable(`the server is older than PostgreSQL ${OLDEST_VERSION / 10_000}: use a newer one`);
  if (encoding !== 'UTF8')
    throw unusable(`the database is encoded in ${encoding}: create one with ENCODING 'UTF8'`);
}

function unusable(why: string): VaultError {
  return new VaultError('vault-read-only', `The keys cannot be kept there: ${why}.`);
}

function missing({ name, schema }: KeyPlace): VaultError {
  return new VaultError(
    'vault-missing',
    `The log holds touchpoints, but PostgreSQL at ${name} has no keys in schema ${schema}, and without them nothing ` +
      'opens. Correct TOUCHLINE_KEY_STORE, or restore the schema from its backup. If there is none, their personal data ' +
      'is lost for ever; move the log away to start anew.',
  );
}
