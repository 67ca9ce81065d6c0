import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openForReading, openForWriting } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

async function writeLog(file: string, events = 10): Promise<void> {
  const store = await openSqliteEventStore({ file });
  await store.appendMany(sampleAppends(events, 500));
  await store.close();
}

describe('durability', () => {
  test('SQLite would open an existing log at NORMAL', async () => {
    using folder = new LogFolder();
    await writeLog(folder.file);
    const plain = new Database(folder.file);
    expect(plain.pragma('synchronous', { simple: true })).toBe(1);
    plain.close();
  });

  test('every connection runs at FULL and in WAL, on a new log and on one opened again', () => {
    using folder = new LogFolder();
    for (const open of [openForWriting, openForReading, openForWriting, openForReading]) {
      const db = open(folder.file);
      expect(db.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      db.close();
    }
  });
});

describe('a file that is no log of ours is refused and left as it was', () => {
  test('a database of something else', async () => {
    using folder = new LogFolder();
    new Database(folder.file).exec('CREATE TABLE recipes (title TEXT)').close();
    await expectRefusal(folder.file, 'event-store-foreign-file');
  });

  test('a file that is no database', async () => {
    using folder = new LogFolder();
    writeFileSync(folder.file, 'Dear diary, '.repeat(1_000));
    await expectRefusal(folder.file, 'event-store-foreign-file');
  });

  test('a log of a later release', async () => {
    using folder = new LogFolder();
    await writeLog(folder.file);
    const later = new Database(folder.file);
    later.pragma('user_version = 99');
    later.close();
    await expectRefusal(folder.file, 'event-store-newer-version');
  });

  async function expectRefusal(file: string, code: string): Promise<void> {
    const before = readFileSync(file);
    await expect(openSqliteEventStore({ file })).rejects.toMatchObject({ code, isRetryable: false });
    expect(readFileSync(file).equals(before)).toBe(true);
  }
});

describe('a damaged log', () => {
  test('is told when the damage is read', async () => {
    using folder = new LogFolder();
    await writeLog(folder.file, 2_000);
    const bytes = readFileSync(folder.file);
    bytes.fill(0x5a, Math.floor(bytes.length * 0.3), Math.floor(bytes.length * 0.7));
    writeFileSync(folder.file, bytes);
    const store = await openSqliteEventStore({ file: folder.file });
    await expect(store.readAll({ limit: 10_000 })).rejects.toMatchObject({ code: 'event-store-corrupt' });
    await store.close();
  });

  test('is told when the file ends too early', async () => {
    using folder = new LogFolder();
    await writeLog(folder.file, 2_000);
    truncateSync(folder.file, statSync(folder.file).size / 2);
    const use = async () => {
      const store = await openSqliteEventStore({ file: folder.file });
      try {
        await store.readAll({ limit: 10_000 });
      } finally {
        await store.close();
      }
    };
    await expect(use()).rejects.toMatchObject({ code: 'event-store-corrupt' });
  });
});

describe('opening', () => {
  test('makes a log of a file without content', async () => {
    using folder = new LogFolder();
    writeFileSync(folder.file, '');
    await writeLog(folder.file);
    await writeLog(folder.file);
  });

  test('makes a log of a file that another process has only begun to make, also for who appends rarely', async () => {
    using folder = new LogFolder();
    for (const begun of ['', 'PRAGMA journal_mode = WAL']) {
      writeFileSync(folder.file, '');
      new Database(folder.file).exec(begun).close();
      const store = await openSqliteEventStore({ file: folder.file, appends: 'rarely' });
      expect(await store.head()).toBe(0n);
      await store.close();
    }
  });

  test('at once by several leaves one log that all of them write', async () => {
    using folder = new LogFolder();
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => openSqliteEventStore({ file: folder.file })),
    );
    await Promise.all(stores.map((store) => store.appendMany(sampleAppends(10))));
    for (const store of stores) expect(await store.head()).toBe(40n);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('says that a folder is missing', async () => {
    using folder = new LogFolder();
    const opening = openSqliteEventStore({ file: join(folder.path, 'missing', 'events.sqlite') });
    await expect(opening).rejects.toMatchObject({ code: 'event-store-unavailable' });
  });

  test('says that a folder is no file', async () => {
    using folder = new LogFolder();
    await expect(openSqliteEventStore({ file: folder.path })).rejects.toMatchObject({
      code: 'event-store-unavailable',
    });
  });
});

test('no SQL can change or remove what is in the log', async () => {
  using folder = new LogFolder();
  await writeLog(folder.file);
  const db = openForWriting(folder.file);
  expect(() => db.exec("UPDATE events SET data = '{}'")).toThrow('append-only');
  expect(() => db.exec('DELETE FROM events')).toThrow('append-only');
  db.close();
});
