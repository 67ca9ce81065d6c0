import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LogFolder } from './fixtures/log-folder.ts';
import { openEventStore } from './fixtures/opener.ts';

const EVENTS = 60;
const MAX_MEDIAN_MS = 20;

test('a subscriber sees an append of another process within 20 ms at the median, the commit included', async () => {
  using folder = new LogFolder();
  const store = await openEventStore(folder.file);
  const script = fileURLToPath(new URL('./fixtures/timed-writer.ts', import.meta.url));
  spawn(process.execPath, [script, folder.file, String(EVENTS)], { stdio: 'inherit' });
  const delaysMs: number[] = [];
  for await (const batch of store.subscribe()) {
    const now = process.hrtime.bigint();
    for (const { data } of batch) delaysMs.push(Number(now - BigInt(data)) / 1e6);
    if (delaysMs.length === EVENTS) break;
  }
  await store.close();
  expect(delaysMs.toSorted((a, b) => a - b)[EVENTS / 2]).toBeLessThan(MAX_MEDIAN_MS);
});
