import { expect, test } from 'vitest';
import { openForWriting } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends, sampleEvent } from './fixtures/sample-appends.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

test('an append waits for whoever holds the lock, then fails as busy and leaves nothing', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({ file: folder.file, maxLockWaitMs: 20 });
  const holder = openForWriting(folder.file);
  holder.exec('BEGIN IMMEDIATE');
  const busy = { code: 'event-store-busy', isRetryable: true };
  await expect(store.appendMany(sampleAppends(3))).rejects.toMatchObject(busy);
  holder.exec('ROLLBACK');
  await store.appendMany(sampleAppends(2));
  expect(await store.head()).toBe(2n);
  holder.close();
  await store.close();
});

test('recordedAt never goes backwards, though a clock is set back or two clocks differ', async () => {
  using folder = new LogFolder();
  let now = 5_000;
  const ahead = await openSqliteEventStore({ file: folder.file, clock: () => now });
  const behind = await openSqliteEventStore({ file: folder.file, clock: () => 1_000 });
  const append = { stream: 's', events: [] };
  for (const time of [5_000, 4_000, 6_000]) {
    now = time;
    await ahead.append({ ...append, events: [sampleEvent()] });
    await behind.append({ ...append, events: [sampleEvent()] });
  }
  await ahead.close();
  await behind.close();
  const again = await openSqliteEventStore({ file: folder.file, clock: () => 2_000.7 });
  await again.append({ ...append, events: [sampleEvent()] });
  const times = (await again.readAll()).map(({ recordedAt }) => recordedAt);
  expect(times).toEqual([5_000, 5_000, 5_000, 5_000, 6_000, 6_000, 6_000]);
  await again.close();
});
