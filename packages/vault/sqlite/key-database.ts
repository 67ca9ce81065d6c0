import { assertSetting, commitDurably, useWriteAheadLog } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { VaultError } from '../vault-error.ts';

const BUSY_TIMEOUT_MS = 5_000;
/** Shorter: while it waits for readers, nobody writes. */
const CHECKPOINT_TIMEOUT_MS = 1_000;
const SCHEMA_VERSION = 1;

/**
 * Key numbers are never given twice. A shredded key keeps its row: its bytes are overwritten where they lie, which
 * deleting does not promise (a page that was split may keep a copy of a cell that moved on).
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    shredded INTEGER NOT NULL,
    wrapped BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS current_keys ON keys (subject) WHERE shredded = 0;
  CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS shreds (count INTEGER NOT NULL) STRICT;
  INSERT INTO shreds SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM shreds);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** A connection to an existing key file on which a commit is durable and what is overwritten is gone. */
export function connect(file: string): Database.Database {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
  try {
    useWriteAheadLog(database, { waitMs: 0 });
    commitDurably(database);
    database.pragma('secure_delete = ON');
    assertSetting(database, 'secure_delete', 1);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Creates the tables where they are missing; `fill` runs in the same transaction, once in the life of the file. */
export function migrate(database: Database.Database, fill: () => void): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  const run = database.transaction(() => {
    const version = versionOf(database);
    if (version > SCHEMA_VERSION) {
      throw new VaultError(
        'vault-newer',
        `The key file has format ${version}; this program knows ${SCHEMA_VERSION}.`,
      );
    }
    if (version === SCHEMA_VERSION) return;
    database.exec(SCHEMA);
    fill();
  });
  run.immediate();
}

function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Moves the write-ahead log into the file and empties it. False when somebody was reading or writing too long. */
export function emptyWriteAheadLog(database: Database.Database): boolean {
  database.pragma(`busy_timeout = ${CHECKPOINT_TIMEOUT_MS}`);
  const [row] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return row?.busy === 0;
}
