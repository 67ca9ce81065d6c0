import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { commitDurably, openReadOnly, useWriteAheadLog } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { EventStoreError } from '../errors.ts';
import { createTables, inspectFile } from './schema.ts';
import { toEventStoreError } from './sqlite-errors.ts';

/** How long a call may wait for another process that creates, recovers or closes the file. */
const MAX_OPEN_WAIT_MS = 5_000;

/** Opens the log for writing; creates it when there is none. */
export function openForWriting(file: string): Database.Database {
  const connect = (path: string) => new Database(path, { timeout: MAX_OPEN_WAIT_MS });
  return open(file, connect, (db) => {
    const state = inspectFile(db);
    // Sleeping is right here: a log is opened once, mostly by the writer thread.
    useWriteAheadLog(db, { waitMs: MAX_OPEN_WAIT_MS });
    commitDurably(db);
    // The writer decides when to checkpoint, after it has answered.
    db.pragma('wal_autocheckpoint = 0');
    if (state === 'empty') createTables(db);
  });
}

/** Whether the file is there and has its tables. Another process may be making them just now. */
export function isMade(file: string): boolean {
  if (!existsSync(file)) return false;
  let isLog = false;
  open(file, connectToRead, (db) => {
    isLog = inspectFile(db) === 'log';
  }).close();
  return isLog;
}

const connectToRead = (path: string) => openReadOnly(path, { timeout: MAX_OPEN_WAIT_MS });

/** Opens the log for reading. Such a connection never changes the file, not even by a checkpoint. */
export function openForReading(file: string): Database.Database {
  return open(file, connectToRead, (db) => {
    if (inspectFile(db) === 'empty') throw unusable(`${file} is empty`);
    commitDurably(db);
  });
}

function open(
  file: string,
  connect: (path: string) => Database.Database,
  prepare: (db: Database.Database) => void,
): Database.Database {
  // An absolute path is never taken for a URI or for ":memory:".
  const path = resolve(file);
  let db: Database.Database | undefined;
  try {
    db = connect(path);
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    const failure = toEventStoreError(error);
    throw failure.code === 'event-store-unavailable' && isUnwritable(path) ? readOnly(path, error) : failure;
  }
}

/** SQLite calls a missing permission "unable to open"; the folder counts too, as the WAL lies beside the file. */
function isUnwritable(path: string): boolean {
  return [dirname(path), path].some((place) => {
    try {
      accessSync(place, constants.W_OK);
      return false;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    }
  });
}

function readOnly(path: string, cause: unknown): EventStoreError {
  return new EventStoreError('event-store-read-only', `${path} and its folder must be writable`, { cause });
}

function unusable(message: string): EventStoreError {
  return new EventStoreError('event-store-unavailable', message);
}
