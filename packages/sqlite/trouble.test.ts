import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { isBusy, nativeCodeOf, type Trouble, troubleOf } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'touchline-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (failure) {
    return failure;
  }
  throw new Error('nothing was thrown');
}

function failing(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const db = new Database(join(folder, 'a.sqlite'));
db.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT; INSERT INTO numbers VALUES (1)');
writeFileSync(join(folder, 'b.sqlite'), 'not a database, but long enough to be read as one'.repeat(20));

test.each<[string, Trouble, () => void]>([
  ['a second row with one key', 'refused', () => db.exec('INSERT INTO numbers VALUES (1)')],
  [
    'a write without permission',
    'read-only',
    () => new Database(db.name, { readonly: true }).exec('DELETE FROM numbers'),
  ],
  ['a folder', 'cannot-open', () => new Database(folder).close()],
  ['a text file', 'no-database', () => new Database(join(folder, 'b.sqlite')).pragma('user_version')],
  ['words that are no SQL', 'unavailable', () => db.exec('UPSERT')],
  [
    'a file that somebody else writes',
    'busy',
    () => {
      db.exec('BEGIN IMMEDIATE');
      try {
        new Database(db.name, { timeout: 0 }).exec('DELETE FROM numbers');
      } finally {
        db.exec('ROLLBACK');
      }
    },
  ],
])('%s is told as %s', (_, trouble, work) => {
  const failure = thrownBy(work);
  expect(troubleOf(failure)).toBe(trouble);
  expect(isBusy(failure)).toBe(trouble === 'busy');
  expect(nativeCodeOf(failure)).toMatch(/^SQLITE_/);
});

test.each<[string, Trouble]>([
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR_SHMSIZE', 'full'],
  ['SQLITE_IOERR_WRITE', 'unavailable'],
  ['SQLITE_CORRUPT_INDEX', 'corrupt'],
  ['ENOSPC', 'full'],
  ['EROFS', 'read-only'],
  ['ENOENT', 'unavailable'],
  ['EISDIR', 'unavailable'],
])('%s means %s', (code, trouble) => expect(troubleOf(failing(code))).toBe(trouble));

test.each([
  undefined,
  'SQLITE_FULL',
  { code: 'SQLITE_FULL' },
  new TypeError('defect'),
  failing('ERR_ASSERTION'),
])('what is neither of SQLite nor of the file system means nothing: %s', (failure) =>
  expect(troubleOf(failure)).toBeUndefined(),
);
