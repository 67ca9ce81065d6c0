import { resolve } from 'node:path';
import { commitDurably, ownerOf, useWriteAheadLog } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { CheckpointsError } from '../checkpoints/index.ts';
import { toCheckpointsError } from './sqlite-errors.ts';

/** Identifies our files among SQLite files: "TLcp". */
const APPLICATION_ID = 0x544c6370;
/** How long a call may wait for another process that writes, creates, recovers or closes the file. */
const BUSY_MS = 5_000;

const TABLES = `
  CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, endsAt INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Opens the file; creates it when there is none. Throws `CheckpointsError`. */
export function openFile(file: string): Database.Database {
  // An absolute path is never taken for a URI or for ":memory:".
  const path = resolve(file);
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: BUSY_MS });
    assertOurs(db, path);
    useWriteAheadLog(db, { waitMs: BUSY_MS });
    commitDurably(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec(TABLES);
    return db;
  } catch (failure) {
    db?.close();
    throw toCheckpointsError(failure, path);
  }
}

function assertOurs(db: Database.Database, path: string): void {
  if (ownerOf(db, APPLICATION_ID) !== 'foreign') return;
  throw new CheckpointsError(
    'checkpoints-foreign-file',
    `${path} is a database of another program; move it away`,
  );
}
