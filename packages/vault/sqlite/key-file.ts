import { constants } from 'node:fs';
import { access, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from '@touchline/sqlite';
import type { Database } from 'better-sqlite3';
import { VaultError } from '../vault-error.ts';
import { connect, migrate } from './key-database.ts';
import { createSecrets } from './secrets.ts';
import { vaultErrorOf } from './sqlite-failure.ts';

/** Switching a new file to WAL answers busy at once when another process does the same. */
const OPEN_ATTEMPTS = 50;
const OPEN_RETRY_MS = 20;

/** A connection to the key file with its tables in place. Throws `VaultError`. */
export async function openKeyFile(file: string, masterKey: Buffer, create: boolean): Promise<Database> {
  await ensureFile(file, create);
  for (let attempt = 1; ; attempt++) {
    try {
      return connectAndMigrate(file, masterKey);
    } catch (error) {
      if (!isBusy(error) || attempt === OPEN_ATTEMPTS) throw vaultErrorOf(error);
    }
    await delay(OPEN_RETRY_MS);
  }
}

async function ensureFile(file: string, create: boolean): Promise<void> {
  try {
    await access(file, constants.F_OK);
    return;
  } catch (cause) {
    if (!create)
      throw new VaultError('vault-missing', `${file} is missing; without it nothing opens.`, { cause });
  }
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a', 0o600);
    await handle.close();
  } catch (cause) {
    throw new VaultError('vault-read-only', `${file} cannot be created.`, { cause });
  }
}

function connectAndMigrate(file: string, masterKey: Buffer): Database {
  const database = connect(file);
  try {
    migrate(database, () => createSecrets(database, masterKey));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
