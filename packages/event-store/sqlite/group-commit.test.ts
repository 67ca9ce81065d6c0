import { expect, test } from 'vitest';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

test('a thousand appends by a hundred callers share commits, and each learns its own place', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({ file: folder.file });
  const positions: bigint[] = [];
  const callers = Array.from({ length: 100 }, async () => {
    for (const append of sampleAppends(10)) {
      const result = await store.append(append);
      positions.push(...(result.ok ? result.receipts.map(({ position }) => position) : []));
    }
  });
  await Promise.all(callers);
  const { commits, committedEvents } = store.stats();
  expect(committedEvents).toBe(1_000);
  expect(commits).toBeLessThanOrEqual(50);
  expect(new Set(positions).size).toBe(1_000);
  await store.close();
});
