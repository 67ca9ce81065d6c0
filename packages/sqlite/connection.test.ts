import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import {
  commitDurably,
  openReadOnly,
  ownerOf,
  SettingRefused,
  troubleOf,
  useWriteAheadLog,
} from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'touchline-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OURS = 0x544c0001;
const HOLDS = `
  const { parentPort, workerData } = require('node:worker_threads');
  const Database = require('better-sqlite3');
  const db = new Database(workerData.file);
  db.exec('BEGIN EXCLUSIVE');
  parentPort.postMessage('held');
  setTimeout(() => db.close(), workerData.forMs);
`;

function fresh(name: string): Database.Database {
  return new Database(join(folder, name), { timeout: 0 });
}

test('whose file it is', () => {
  const db = fresh('owner.sqlite');
  expect(ownerOf(db, OURS)).toBe('nobody');
  db.exec('CREATE TABLE other (a)');
  expect(ownerOf(db, OURS)).toBe('foreign');
  db.pragma(`application_id = ${OURS}`);
  expect(ownerOf(db, OURS)).toBe('ours');
  expect(ownerOf(db, OURS + 1)).toBe('foreign');
});

test('a file with a write-ahead log that is opened again commits durably only when it is told to', () => {
  const first = fresh('durable.sqlite');
  useWriteAheadLog(first, { waitMs: 0 });
  first.exec('CREATE TABLE a (a)');
  const again = fresh('durable.sqlite');
  commitDurably(again);
  expect(again.pragma('synchronous', { simple: true })).toBe(2);
});

test('a new file that somebody holds is waited for, as long as is said', async () => {
  const file = join(folder, 'held.sqlite');
  const holder = new Worker(HOLDS, { eval: true, workerData: { file, forMs: 300 } });
  await once(holder, 'message');
  const db = fresh('held.sqlite');
  let failure: unknown;
  try {
    useWriteAheadLog(db, { waitMs: 0 });
  } catch (busy) {
    failure = busy;
  }
  expect(troubleOf(failure)).toBe('busy');
  useWriteAheadLog(db, { waitMs: 20_000 });
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
});

test('a database that cannot have a write-ahead log is refused, as a failure that adapters know', () => {
  const use = () => useWriteAheadLog(new Database(':memory:'), { waitMs: 0 });
  expect(use).toThrow(SettingRefused);
  expect(use).toThrow('runs at journal_mode = memory, not wal');
  expect(troubleOf(new SettingRefused('x'))).toBe('unavailable');
});

test('what a killed writer left half done is rolled back for whoever only reads', () => {
  const writing = fresh('killed.sqlite');
  writing.exec('CREATE TABLE a (a); INSERT INTO a VALUES (1)');
  writing.pragma('cache_size = 1');
  writing.exec('BEGIN IMMEDIATE; DELETE FROM a; CREATE TABLE b (b); CREATE TABLE c (c)');
  const left = join(folder, 'left.sqlite');
  copyFileSync(writing.name, left);
  copyFileSync(`${writing.name}-journal`, `${left}-journal`);
  const look = 'SELECT a FROM a';
  expect(() => new Database(left, { readonly: true }).prepare(look)).toThrow(
    expect.objectContaining({ code: 'SQLITE_READONLY_ROLLBACK' }),
  );
  const reading = openReadOnly(left, { timeout: 0 });
  expect(reading.prepare(look).pluck().all()).toEqual([1]);
  expect(() => reading.exec('DELETE FROM a')).toThrow('readonly');
});

test('a file that is not there or no database is not made one by reading it', () => {
  const missing = join(folder, 'missing.sqlite');
  expect(() => openReadOnly(missing, { timeout: 0 })).toThrow('unable to open');
  expect(existsSync(missing)).toBe(false);
  const text = join(folder, 'text.sqlite');
  writeFileSync(text, 'not a database, but long enough to be read as one'.repeat(20));
  expect(() => openReadOnly(text, { timeout: 0 })).toThrow('not a database');
});
