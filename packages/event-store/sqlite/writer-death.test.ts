import { expect, test } from 'vitest';
import { openForReading } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { DEADLY_STREAM, sampleAppends, sampleEvent } from './fixtures/sample-appends.ts';
import { LastingWriter } from './lasting-writer.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { LogReader } from './log-reader.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

const limits = { ...DEFAULT_LIMITS, maxCommitEvents: 300 };
const unavailable = { code: 'event-store-unavailable', isRetryable: true };
const deadly = () => ({ stream: DEADLY_STREAM, events: [sampleEvent()] });

async function openMortal(file: string): Promise<SqliteEventStore> {
  const module = new URL('./fixtures/mortal-writer.ts', import.meta.url).href;
  const writer = new LastingWriter({ file, limits, module });
  await writer.start();
  const reader = new LogReader(openForReading(file), limits.maxCachedStreams);
  return new SqliteEventStore({ writer, reader, limits, clock: Date.now });
}

test('when the writer dies, what it had not answered fails as retryable, and another takes over', async () => {
  using folder = new LogFolder();
  const store = await openMortal(folder.file);
  await store.appendMany(sampleAppends(3));
  const failing = [store.appendMany([deadly(), ...sampleAppends(299)]), store.appendMany(sampleAppends(300))];
  for (const { status, reason } of (await Promise.allSettled(failing)) as PromiseRejectedResult[]) {
    expect(status).toBe('rejected');
    expect(reason).toMatchObject({ ...unavailable, cause: { message: 'struck' } });
  }
  expect(await store.head()).toBe(3n);
  await store.appendMany(sampleAppends(4));
  expect(await store.head()).toBe(7n);
  expect(store.stats()).toMatchObject({ writerThreads: 2, queuedEvents: 0 });
  await store.close();
});

test('closing with a dead writer ends quietly', async () => {
  using folder = new LogFolder();
  const store = await openMortal(folder.file);
  await expect(store.append(deadly())).rejects.toMatchObject(unavailable);
  await store.close();
});
