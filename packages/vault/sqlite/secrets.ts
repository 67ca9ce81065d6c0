import type { Database } from 'better-sqlite3';
import { newSecret, SECRET_BYTES, unwrap, wrap } from '../key-wrap.ts';
import { VaultError } from '../vault-error.ts';

const VERIFIER = 'verifier';
const PEPPER = 'pepper';

/** Within the transaction that creates the tables: the first process to come writes both, for ever. */
export function createSecrets(database: Database, masterKey: Uint8Array): void {
  const insert = database.prepare('INSERT INTO secrets (name, wrapped) VALUES (?, ?)');
  insert.run(VERIFIER, wrap(masterKey, Buffer.alloc(SECRET_BYTES), VERIFIER));
  insert.run(PEPPER, wrap(masterKey, newSecret(), PEPPER));
}

/** The pepper. Throws `master-key-wrong` when the file was written under another master key. */
export function openSecrets(database: Database, masterKey: Uint8Array): Buffer {
  if (!unwrap(masterKey, read(database, VERIFIER), VERIFIER)) {
    throw new VaultError(
      'master-key-wrong',
      `The keys in ${database.name} are wrapped with another master key. Restore the master key that belongs to them.`,
    );
  }
  const pepper = unwrap(masterKey, read(database, PEPPER), PEPPER);
  if (!pepper) throw damaged(database, PEPPER);
  return pepper;
}

function read(database: Database, name: string): Uint8Array {
  const wrapped = database.prepare('SELECT wrapped FROM secrets WHERE name = ?').pluck().get(name);
  if (wrapped instanceof Uint8Array) return wrapped;
  throw damaged(database, name);
}

function damaged(database: Database, name: string): VaultError {
  return new VaultError('vault-corrupt', `The ${name} in ${database.name} is damaged.`);
}
