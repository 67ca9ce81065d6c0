import type { PoolClient } from 'pg';
import { newSecret, SECRET_BYTES, unwrap, wrap } from '../key-wrap.ts';
import { VaultError } from '../vault-error.ts';
import type { KeyConnections } from './key-connections.ts';

const VERIFIER = 'verifier';
const PEPPER = 'pepper';

/** Within the transaction that creates the tables: the first process to come writes both, for ever. */
export async function createSecrets(client: PoolClient, masterKey: Buffer): Promise<void> {
  const insert = 'INSERT INTO secrets (name, wrapped) VALUES ($1, $2)';
  await client.query(insert, [VERIFIER, wrap(masterKey, Buffer.alloc(SECRET_BYTES), VERIFIER)]);
  await client.query(insert, [PEPPER, wrap(masterKey, newSecret(), PEPPER)]);
}

/** The pepper. Throws `master-key-wrong` when the keys were written under another master key. */
export async function openSecrets(connections: KeyConnections, masterKey: Buffer): Promise<Buffer> {
  const { name } = connections.place;
  const { rows } = await connections.repeat((client) =>
    client.query<{ name: string; wrapped: Buffer }>('SELECT name, wrapped FROM secrets'),
  );
  const secrets = new Map(rows.map((row) => [row.name, row.wrapped]));
  const [verifier, wrapped] = [secrets.get(VERIFIER), secrets.get(PEPPER)];
  if (!verifier || !wrapped) throw damaged(name);
  if (!unwrap(masterKey, verifier, VERIFIER)) {
    throw new VaultError(
      'master-key-wrong',
      `The keys on PostgreSQL at ${name} are wrapped with another master key. Restore the master key that belongs to them.`,
    );
  }
  const pepper = unwrap(masterKey, wrapped, PEPPER);
  if (!pepper) throw damaged(name);
  return pepper;
}

function damaged(name: string): VaultError {
  return new VaultError('vault-corrupt', `The secrets on PostgreSQL at ${name} are damaged.`);
}
