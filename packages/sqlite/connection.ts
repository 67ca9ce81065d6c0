import Database from 'better-sqlite3';
import { isBusy, nativeCodeOf } from './trouble.ts';

const SYNCHRONOUS_FULL = 2;
const SWITCH_RETRY_MS = 5;

/** A connection does not run as it was told to. */
export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
  readonly code = 'SQLITE_SETTING';
}

/**
 * A connection to an existing file that only reads. `timeout` in ms, for other processes that have it locked.
 *
 * Whoever is killed while switching a new file to the write-ahead log leaves a journal that has to be rolled back before anybody
 * reads (https://www.sqlite.org/rescode.html#readonly_rollback). A reading connection must not, and nobody may ever write that file
 * again: so a writing connection does it first.
 */
export function openReadOnly(file: string, { timeout }: { readonly timeout: number }): Database.Database {
  const open = () => whole(new Database(file, { readonly: true, fileMustExist: true, timeout }));
  try {
    return open();
  } catch (failure) {
    if (nativeCodeOf(failure) !== 'SQLITE_READONLY_ROLLBACK') throw failure;
    whole(new Database(file, { fileMustExist: true, timeout })).close();
    return open();
  }
}

/** The first look at a file is what rolls back, or finds that it must not. */
function whole(db: Database.Database): Database.Database {
  try {
    db.pragma('schema_version');
    return db;
  } catch (failure) {
    db.close();
    throw failure;
  }
}

/** Whose file it is by its application id. Changes nothing. */
export function ownerOf(db: Database.Database, applicationId: number): 'nobody' | 'ours' | 'foreign' {
  // In one transaction: between two looks another process may have made the file ours.
  const look = db.transaction(() => ({
    id: db.pragma('application_id', { simple: true }),
    objects: db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get(),
  }));
  const { id, objects } = look();
  if (id === applicationId) return 'ours';
  return id === 0 && objects === 0 ? 'nobody' : 'foreign';
}

/**
 * Switching a new file answers "busy" at once, whatever the connection's patience, while another process does the same: it is
 * tried again until `waitMs` have passed. The thread sleeps in between.
 */
export function useWriteAheadLog(db: Database.Database, { waitMs }: { readonly waitMs: number }): void {
  for (const deadline = performance.now() + waitMs; ; Atomics.wait(neverWoken, 0, 0, SWITCH_RETRY_MS)) {
    try {
      db.pragma('journal_mode = WAL');
      break;
    } catch (failure) {
      if (!isBusy(failure) || performance.now() >= deadline) throw failure;
    }
  }
  assertSetting(db, 'journal_mode', 'wal');
}

const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/** SQLite falls back to NORMAL whenever a file with a write-ahead log is opened again, and then loses commits at a power cut. */
export function commitDurably(db: Database.Database): void {
  db.pragma('synchronous = FULL');
  assertSetting(db, 'synchronous', SYNCHRONOUS_FULL);
}

/** Throws `SettingRefused`. */
export function assertSetting(db: Database.Database, name: string, expected: string | number): void {
  const actual = db.pragma(name, { simple: true });
  if (actual !== expected)
    throw new SettingRefused(`${db.name} runs at ${name} = ${actual}, not ${expected}`);
}
