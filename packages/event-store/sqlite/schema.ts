import { ownerOf } from '@touchline/sqlite';
import type { Database } from 'better-sqlite3';
import { EventStoreError } from '../errors.ts';

/** "TLOG": marks the file as ours in its header. */
const APPLICATION_ID = 0x544c4f47;
const SCHEMA_VERSION = 1;

/**
 * Positions are given by the writer under the write lock and rows never leave, so the plain rowid does what
 * AUTOINCREMENT would, without a second table to update for each event. A stream's version is the last one in
 * `events_by_stream`: kept nowhere else, it costs no further page and cannot disagree.
 */
const TABLES = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    version INTEGER NOT NULL,
    id BLOB NOT NULL,
    type INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_id ON events (id);
  CREATE UNIQUE INDEX events_by_stream ON events (stream, version);
  CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  CREATE TRIGGER events_never_leave BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`;

/**
 * Whether the file is empty or a log of ours. Throws `event-store-foreign-file` or `event-store-newer-version`
 * without having changed a byte.
 */
export function inspectFile(db: Database): 'empty' | 'log' {
  const owner = ownerOf(db, APPLICATION_ID);
  if (owner === 'ours') return inspectVersion(db);
  if (owner === 'nobody') return 'empty';
  throw new EventStoreError('event-store-foreign-file', `${db.name} is an SQLite file of something else`);
}

/** Creates the tables in one transaction. Does nothing when another process was faster. */
export function createTables(db: Database): void {
  const create = db.transaction(() => {
    if (inspectFile(db) === 'log') return;
    db.exec(TABLES);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  create.immediate();
}

function inspectVersion(db: Database): 'log' {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version <= SCHEMA_VERSION) return 'log';
  throw new EventStoreError(
    'event-store-newer-version',
    `${db.name} has log format ${version}; this release reads up to ${SCHEMA_VERSION}`,
  );
}
