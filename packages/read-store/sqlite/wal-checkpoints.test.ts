import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReader, openWriter } from './connection.ts';
import { WalCheckpoints } from './wal-checkpoints.ts';

const COMMIT_BYTES = 100 * 1_024;
const CARRY_AFTER_BYTES = 4 * COMMIT_BYTES;
const COMMITS = 200;

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-wal-'));
  file = join(folder, 'a.sqlite');
  const db = openWriter(file);
  db.exec('CREATE TABLE t (a)');
  db.close();
});

afterEach(() => rm(folder, { recursive: true }));

/** Commits over and over; answers the largest size of the WAL. */
function commits(afterEach: (commit: number) => void = () => {}): number {
  const writer = openWriter(file);
  const wal = new WalCheckpoints(writer, file, CARRY_AFTER_BYTES);
  const insert = writer.prepare('INSERT INTO t VALUES (zeroblob(?))');
  let largest = 0;
  for (let commit = 0; commit < COMMITS; commit++) {
    insert.run(COMMIT_BYTES);
    wal.afterCommit();
    largest = Math.max(largest, statSync(`${file}-wal`).size);
    afterEach(commit);
  }
  writer.close();
  return largest;
}

test('the write-ahead log stays small when nobody reads', () => {
  expect(commits()).toBeLessThan(CARRY_AFTER_BYTES + 2 * COMMIT_BYTES);
});

test('the write-ahead log stays bounded while there is never a moment without a reader', async () => {
  const reading = new Worker(new URL('./testing/overlapping-reader.ts', import.meta.url), {
    workerData: file,
  });
  await once(reading, 'message');
  const largest = commits();
  await reading.terminate();
  expect(largest).toBeLessThan((COMMITS / 2) * COMMIT_BYTES);
});

test('a reader that stays on an old snapshot delays few commits, and the log shrinks when it goes', () => {
  const aloneMs = msOf(() => commits());
  const reader = openReader(file);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  const sizes: number[] = [];
  const withReaderMs = msOf(() =>
    commits((commit) => {
      sizes.push(statSync(`${file}-wal`).size);
      if (commit === COMMITS / 2) reader.close();
    }),
  );
  expect(sizes[COMMITS / 2]).toBeGreaterThan((COMMITS / 2) * COMMIT_BYTES);
  expect(sizes.at(-1)).toBeLessThan(CARRY_AFTER_BYTES + 2 * COMMIT_BYTES);
  // Patience at each of the commits would take five seconds more.
  expect(withReaderMs).toBeLessThan(4_000 + 3 * aloneMs);
});

function msOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
