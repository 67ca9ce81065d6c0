import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { say } from '../measure/child.ts';

/**
 * The lines of a file into a table shaped and indexed like the log's, in batches of 500, each durable: what SQLite alone takes
 * for the same bytes.
 */
const [file = '', database = ''] = process.argv.slice(2);
const BATCH_LINES = 500;

const db = new Database(database);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, version INTEGER NOT NULL, id BLOB NOT NULL,
    type INTEGER NOT NULL, fingerprint TEXT NOT NULL, recorded_at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX events_by_id ON events (id);
  CREATE UNIQUE INDEX events_by_stream ON events (stream, version);`);
const insert = db.prepare(
  'INSERT INTO events (stream, version, id, type, fingerprint, recorded_at, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
);

const started = performance.now();
let lines = 0;
let batch: string[] = [];
for await (const line of createInterface({ input: createReadStream(file) })) {
  batch.push(line);
  if (batch.length === BATCH_LINES) write();
}
write();
say({ lines, seconds: (performance.now() - started) / 1000 });

function write(): void {
  db.exec('BEGIN IMMEDIATE');
  for (const line of batch) {
    lines++;
    insert.run(
      (lines * 7_919) % 100_000,
      lines,
      randomBytes(16),
      lines % 3,
      'fingerprint-of-24-chars..',
      lines,
      line,
    );
  }
  db.exec('COMMIT');
  batch = [];
}
