import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventList } from '../contract/event-list.ts';
import { households } from '../contract/households.ts';
import { letters } from '../contract/letters.ts';
import { projectAll, RunningProjector, until } from '../contract/projecting.ts';
import type { Generation, ReadStoreError } from '../index.ts';
import { Catalog } from './catalog.ts';
import { failing } from './failures.ts';
import { openSqliteReadStore } from './index.ts';
import { WriterThread } from './writer-thread.ts';

const readModel = households();
const model = readModel as never;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-read-store-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function withGeneration<T>(
  work: (generation: Generation) => Promise<T>,
  options: { maxFileBytes?: number; folder?: string } = {},
): Promise<T> {
  const store = openSqliteReadStore({ folder, ...options });
  try {
    return await work(await store.openLive(model));
  } finally {
    await store.close();
  }
}

test('a full disk stops the projector until there is room again; nothing is lost and nothing half written', async () => {
  const source = new EventList(letters(12_000));
  const codes = new Set<string>();
  const limits = { maxBatchEvents: 100, maxStepEvents: 100, firstRetryMs: 1, maxRetryMs: 5 };
  const full = await withGeneration(
    async (generation) => {
      const onFailure = (failure: unknown) => codes.add((failure as ReadStoreError).code);
      const running = new RunningProjector({ readModel, generation, source, limits, onFailure });
      await until(() => codes.size > 0, 'the disk is full');
      await running.end();
      return { position: await generation.checkpoint(), digest: await generation.digest() };
    },
    { maxFileBytes: 320_000 },
  );
  expect([...codes]).toEqual(['read-store-full']);
  expect(full.position).toBeGreaterThan(0n);
  expect(full.position).toBeLessThan(12_000n);
  const after = await withGeneration(async (generation) => {
    await projectAll({ readModel, generation, source });
    return generation.digest();
  });
  const clean = async (events: number) => {
    const elsewhere = join(folder, `clean-${events}`);
    const all = new EventList(letters(events));
    return withGeneration(
      async (generation) => (await projectAll({ readModel, generation, source: all })).digest(),
      { folder: elsewhere },
    );
  };
  expect(full.digest).toEqual(await clean(Number(full.position)));
  expect(after).toEqual(await clean(12_000));
});

describe('a database that is not ours', () => {
  test('is left alone', async () => {
    await mkdir(join(folder, readModel.name));
    const foreign = new Database(join(folder, readModel.name, 'generation-1.sqlite'));
    foreign.exec('CREATE TABLE precious (a)');
    foreign.close();
    await expect(withGeneration(async () => {})).rejects.toMatchObject({ code: 'read-store-corrupt' });
    const again = new Database(join(folder, readModel.name, 'generation-1.sqlite'));
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'precious' }]);
    again.close();
  });

  test('or is none at all is told as damaged', async () => {
    await mkdir(join(folder, readModel.name));
    await writeFile(join(folder, readModel.name, 'generation-1.sqlite'), 'x'.repeat(5_000));
    await expect(withGeneration(async () => {})).rejects.toMatchObject({ code: 'read-store-corrupt' });
  });

  test('or a file where the folder should be is told as unavailable', async () => {
    await writeFile(join(folder, readModel.name), '');
    await expect(withGeneration(async () => {})).rejects.toMatchObject({ code: 'read-store-unavailable' });
  });
});

test('a database that cannot be written says so', () => {
  const file = join(folder, 'a.sqlite');
  new Database(file).exec('CREATE TABLE t (a)').close();
  const db = new Database(file, { readonly: true });
  const code = 'read-store-read-only';
  expect(() => failing(() => db.exec('INSERT INTO t VALUES (1)'))).toThrow(expect.objectContaining({ code }));
  db.close();
});

test('a writer thread that dies fails the calls under way, and the next call starts another', async () => {
  const file = join(folder, 'a.sqlite');
  const thread = new WriterThread(
    { file, tables: [] },
    new URL('./testing/dying-writer.ts', import.meta.url),
  );
  expect(await thread.call({ kind: 'open' })).toBe('first call');
  const calls = [thread.call({ kind: 'end', to: 1n }), thread.call({ kind: 'finish-loading' })];
  for (const call of await Promise.allSettled(calls))
    expect(call).toMatchObject({
      status: 'rejected',
      reason: { code: 'read-store-unavailable', isRetryable: true },
    });
  expect(await thread.call({ kind: 'open' })).toBe('first call');
  await thread.close();
  await expect(thread.call({ kind: 'open' })).rejects.toMatchObject({ code: 'read-store-closed' });
});

test('a writer thread that dies while it is closed is closed', async () => {
  const file = join(folder, 'a.sqlite');
  const thread = new WriterThread(
    { file, tables: [] },
    new URL('./testing/dying-writer.ts', import.meta.url),
  );
  await thread.call({ kind: 'open' });
  const dying = thread.call({ kind: 'end', to: 1n });
  const closed = thread.close();
  await expect(dying).rejects.toMatchObject({ code: 'read-store-unavailable' });
  await closed;
});

test('a generation whose making was killed half way is listed, and keeps no other from being built', async () => {
  await withGeneration(async () => undefined);
  const store = openSqliteReadStore({ folder });
  try {
    const abandoned = await store.generations.begin(model);
    await abandoned.close();
    const file = Catalog.file(join(folder, readModel.name), abandoned.number);
    await leaveHalfMade(file);
    const listed = await store.generations.list(readModel.name);
    expect(listed.find(({ number }) => number === abandoned.number)).toMatchObject({ position: 0n });
    await (await store.generations.open(model, abandoned.number)).close();
    await (await store.generations.begin(model)).close();
  } finally {
    await store.close();
  }
});

/** As a process does that is killed while it switches the new file to the write-ahead log. */
async function leaveHalfMade(file: string): Promise<void> {
  for (const part of [file, `${file}-wal`, `${file}-shm`]) await rm(part, { force: true });
  const making = new Database(join(folder, 'making.sqlite'));
  making.exec(
    'PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE a (a); CREATE TABLE b (b); CREATE TABLE c (c)',
  );
  await copyFile(making.name, file);
  await copyFile(`${making.name}-journal`, `${file}-journal`);
  making.close();
}
