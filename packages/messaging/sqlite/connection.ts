import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { CheckpointsError } from '../checkpoints/index.ts';
import { isBusy, toCheckpointsError } from './sqlite-errors.ts';

/** Identifies our files among SQLite files: "TLcp". */
const APPLICATION_ID = 0x544c6370;
const SYNCHRONOUS_FULL = 2;
/** How long a call may wait for another process that writes, creates, recovers or closes the file. */
const BUSY_MS = 5_000;
const SWITCH_RETRY_MS = 5;

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
    switchToWal(db);
    makeDurable(db, path);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec(TABLES);
    return db;
  } catch (failure) {
    db?.close();
    throw toCheckpointsError(failure, path);
  }
}

function assertOurs(db: Database.Database, path: string): void {
  const id = db.pragma('application_id', { simple: true });
  const objects = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (id === APPLICATION_ID || (id === 0 && objects === 0)) return;
  throw new CheckpointsError(
    'checkpoints-foreign-file',
    `${path} is a database of another program; move it away`,
  );
}

/** Answers "busy" at once, whatever the patience, while another process does the same. */
function switchToWal(db: Database.Database): void {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (failure) {
      if (!isBusy(failure) || performance.now() >= deadline) throw failure;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWITCH_RETRY_MS);
    }
  }
}

/** SQLite falls back to NORMAL whenever a WAL file is opened again, and then loses commits at a power cut. */
function makeDurable(db: Database.Database, path: string): void {
  db.pragma('synchronous = FULL');
  const level = db.pragma('synchronous', { simple: true });
  if (level === SYNCHRONOUS_FULL) return;
  throw new CheckpointsError('checkpoints-unavailable', `${path}: synchronous is ${level}, not FULL`);
}
