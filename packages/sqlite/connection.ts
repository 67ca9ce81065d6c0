import type { Database } from 'better-sqlite3';
import { isBusy } from './trouble.ts';

const SYNCHRONOUS_FULL = 2;
const SWITCH_RETRY_MS = 5;

/** A connection does not run as it was told to. */
export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
  readonly code = 'SQLITE_SETTING';
}

/** Whose file it is by its application id. Changes nothing. */
export function ownerOf(db: Database, applicationId: number): 'nobody' | 'ours' | 'foreign' {
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
export function useWriteAheadLog(db: Database, { waitMs }: { readonly waitMs: number }): void {
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
export function commitDurably(db: Database): void {
  db.pragma('synchronous = FULL');
  assertSetting(db, 'synchronous', SYNCHRONOUS_FULL);
}

/** Throws `SettingRefused`. */
export function assertSetting(db: Database, name: string, expected: string | number): void {
  const actual = db.pragma(name, { simple: true });
  if (actual !== expected)
    throw new SettingRefused(`${db.name} runs at ${name} = ${actual}, not ${expected}`);
}
