import { readdirSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openForReading } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const MEBIBYTE = 1_048_576;

test('it stays small however much is written, while subscribers follow', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({
    file: folder.file,
    checkpointBytes: MEBIBYTE,
    maxWalBytes: 4 * MEBIBYTE,
  });
  const stop = new AbortController();
  let seen = 0;
  const following = (async () => {
    for await (const batch of store.subscribe({ signal: stop.signal })) seen += batch.length;
  })();
  let largest = 0;
  for (let round = 0; round < 40; round += 1) {
    await store.appendMany(sampleAppends(500, 600));
    largest = Math.max(largest, statSync(`${folder.file}-wal`).size);
  }
  await vi.waitUntil(() => seen === 20_000);
  stop.abort();
  await following;
  expect(statSync(folder.file).size).toBeGreaterThan(12 * MEBIBYTE);
  expect(largest).toBeLessThan(8 * MEBIBYTE);
  await store.close();
});

test('a reader that stays keeps it from starting over; it shrinks once the reader has left', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({
    file: folder.file,
    checkpointBytes: MEBIBYTE,
    maxWalBytes: 2 * MEBIBYTE,
  });
  await store.appendMany(sampleAppends(10));
  const reader = openForReading(folder.file);
  const rows = reader.prepare('SELECT data FROM events').iterate();
  rows.next();
  for (let round = 0; round < 10; round += 1) await store.appendMany(sampleAppends(500, 600));
  expect(statSync(`${folder.file}-wal`).size).toBeGreaterThan(3 * MEBIBYTE);
  rows.return?.();
  reader.close();
  for (let round = 0; round < 4; round += 1) await store.appendMany(sampleAppends(500, 600));
  expect(statSync(`${folder.file}-wal`).size).toBeLessThan(3 * MEBIBYTE);
  await store.close();
});

test('it is copied into the database file after a quiet while', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({ file: folder.file, checkpointIdleMs: 1 });
  const before = statSync(folder.file).size;
  await store.appendMany(sampleAppends(100, 600));
  await vi.waitUntil(() => statSync(folder.file).size > before + 50_000);
  await store.close();
});

test('nothing but the database file remains after the last has closed', async () => {
  using folder = new LogFolder();
  const stores = [
    await openSqliteEventStore({ file: folder.file }),
    await openSqliteEventStore({ file: folder.file }),
  ];
  for (const store of stores) await store.appendMany(sampleAppends(10));
  for (const store of stores) await store.close();
  expect(readdirSync(folder.path)).toEqual(['events.sqlite']);
});
