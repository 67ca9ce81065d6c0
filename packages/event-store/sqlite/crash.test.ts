import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { LogFolder } from './fixtures/log-folder.ts';
import { openEventStore } from './fixtures/opener.ts';

const MAX_TEST_MS = 120_000;
/** Acknowledgements to wait for before each kill; where in the writer's work it strikes is up to chance. */
const KILL_AFTER = [1, 40, 3, 250, 17, 600, 90, 5, 333, 150];

test(
  'what was acknowledged before kill -9 is there once, whenever it strikes',
  async () => {
    using folder = new LogFolder();
    const acknowledged: string[] = [];
    for (const count of KILL_AFTER) {
      acknowledged.push(...(await writeUntilKilled(folder.file, count)));
      const stored = await storedIds(folder.file);
      const copies = Map.groupBy(stored, (id) => id);
      expect(acknowledged.filter((id) => copies.get(id)?.length !== 1)).toEqual([]);
      expectSound(folder.file);
    }
    expect(acknowledged.length).toBeGreaterThan(KILL_AFTER.reduce((sum, count) => sum + count));
  },
  MAX_TEST_MS,
);

async function writeUntilKilled(file: string, count: number): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('./fixtures/endless-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === count) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return ids;
}

async function storedIds(file: string): Promise<readonly string[]> {
  const store = await openEventStore(file);
  const ids: string[] = [];
  const versions = new Map<string, number>();
  for (let after = 0n; after !== (await store.head()); ) {
    for (const { position, stream, version, id } of await store.readAll({ after })) {
      expect(version).toBe((versions.get(stream) ?? -1) + 1);
      versions.set(stream, version);
      ids.push(id);
      after = position;
    }
  }
  await store.close();
  return ids;
}

function expectSound(file: string): void {
  const db = new Database(file, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
}
