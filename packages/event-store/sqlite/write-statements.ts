import type { Database, Statement } from 'better-sqlite3';
import type { NewEvent } from '../event-store.ts';

export type StoredEvent = readonly [position: number, version: number, fingerprint: string];

type EventRow = [
  position: number,
  stream: number,
  version: number,
  id: Buffer,
  type: number,
  fingerprint: string,
  recordedAt: number,
  data: NewEvent['data'],
];

/** Everything the writer ever says to SQLite between two checkpoints, prepared once. */
export interface WriteStatements {
  readonly begin: Statement<[]>;
  readonly commit: Statement<[]>;
  readonly rollback: Statement<[]>;
  readonly dataVersion: Statement<[], number>;
  readonly last: Statement<[], [position: number, recordedAt: number]>;
  readonly findStream: Statement<[name: string], [id: number, version: number | null]>;
  readonly insertStream: Statement<[name: string]>;
  readonly findType: Statement<[name: string], number>;
  readonly insertType: Statement<[name: string]>;
  readonly findEvent: Statement<[id: Buffer], StoredEvent>;
  /** Changes nothing when the id is there already. */
  readonly insertEvent: Statement<EventRow>;
}

export function prepareWrites(db: Database): WriteStatements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    dataVersion: db.prepare<[], number>('PRAGMA data_version').pluck(),
    last: db
      .prepare<[], [number, number]>(
        'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1',
      )
      .raw(),
    findStream: db
      .prepare<[string], [number, number | null]>(
        'SELECT id, (SELECT max(version) FROM events WHERE stream = streams.id) FROM streams WHERE name = ?',
      )
      .raw(),
    insertStream: db.prepare('INSERT INTO streams (name) VALUES (?)'),
    findType: db.prepare<[string], number>('SELECT id FROM types WHERE name = ?').pluck(),
    insertType: db.prepare('INSERT INTO types (name) VALUES (?)'),
    findEvent: db
      .prepare<[Buffer], StoredEvent>('SELECT position, version, fingerprint FROM events WHERE id = ?')
      .raw(),
    insertEvent: db.prepare(
      `INSERT INTO events (position, stream, version, id, type, fingerprint, recorded_at, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT)) ON CONFLICT (id) DO NOTHING`,
    ),
  };
}
