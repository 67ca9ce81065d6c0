import { describe, expect, test } from 'vitest';
import { EventStoreError } from '../errors.ts';
import { CommitQueue } from './commit-queue.ts';
import { HeldWriter } from './fixtures/held-writer.ts';
import { sampleAppends, sampleEvent } from './fixtures/sample-appends.ts';
import { DEFAULT_LIMITS, type SqliteLimits } from './limits.ts';

const overloaded = { code: 'event-store-overloaded', isRetryable: true };

function queueOn(writer: HeldWriter, limits: Partial<SqliteLimits> = {}): CommitQueue {
  return new CommitQueue(
    writer,
    { ...DEFAULT_LIMITS, ...limits },
    () => 0,
    () => undefined,
  );
}

function sizesOf(writer: HeldWriter): readonly number[] {
  return writer.groups.map(({ ids }) => ids.length);
}

describe('group commit', () => {
  test('what one turn of the event loop appends goes over together', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer);
    const calls = sampleAppends(64).map((append) => queue.append([append]));
    await writer.received(1);
    writer.release(0);
    await Promise.all(calls);
    expect(sizesOf(writer)).toEqual([64]);
    expect(queue.stats).toMatchObject({ commits: 1, committedEvents: 64 });
  });

  test('what comes while the writer commits goes together afterwards', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer);
    const first = queue.append(sampleAppends(1));
    await writer.received(1);
    const later = sampleAppends(40).map((append) => queue.append([append]));
    expect(sizesOf(writer)).toEqual([1]);
    writer.release(0);
    await first;
    await writer.received(2);
    writer.release(1);
    await Promise.all(later);
    expect(sizesOf(writer)).toEqual([1, 40]);
  });

  test('a call larger than a commit is spread over several, two of them on their way at a time', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxCommitEvents: 300 });
    const call = queue.append(sampleAppends(1_000));
    await writer.received(2);
    expect(sizesOf(writer)).toEqual([300, 300]);
    writer.release(0);
    await writer.received(3);
    writer.release(1);
    await writer.received(4);
    writer.release(2);
    writer.release(3);
    expect(await call).toHaveLength(1_000);
    expect(sizesOf(writer)).toEqual([300, 300, 300, 100]);
  });

  test('an append larger than a commit goes alone and whole', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxCommitEvents: 10 });
    const events = Array.from({ length: 25 }, () => sampleEvent());
    const call = queue.append([...sampleAppends(1), { stream: 'large', events }, ...sampleAppends(1)]);
    for (const group of [0, 1, 2]) {
      await writer.received(group + 1);
      writer.release(group);
    }
    await call;
    expect(sizesOf(writer)).toEqual([1, 25, 1]);
  });

  test('a commit is bounded in characters, too', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxCommitCharacters: 1_000 });
    const call = queue.append(sampleAppends(3, 400));
    for (const group of [0, 1]) {
      await writer.received(group + 1);
      writer.release(group);
    }
    await call;
    expect(sizesOf(writer)).toEqual([2, 1]);
  });

  test('a group that fails takes its calls with it, and what they had not handed over', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxCommitEvents: 100 });
    const full = new EventStoreError('event-store-full', 'no room');
    const failing = expect(queue.append(sampleAppends(150))).rejects.toBe(full);
    await writer.received(1);
    const unharmed = queue.append(sampleAppends(2));
    writer.fail(0, full);
    await failing;
    await writer.received(2);
    writer.release(1);
    expect(await unharmed).toHaveLength(2);
    expect(sizesOf(writer)).toEqual([100, 2]);
    expect(queue.stats).toMatchObject({ commits: 1, queuedEvents: 0, queuedCharacters: 0 });
  });
});

describe('back-pressure', () => {
  test.for([
    ['events', { maxQueuedEvents: 10 }],
    ['characters', { maxQueuedCharacters: 10 * 22 }],
  ] as const)(
    'beyond the limit of %s a call is overloaded, until there is room again',
    async ([, limits]) => {
      const writer = new HeldWriter();
      const queue = queueOn(writer, limits);
      const first = queue.append(sampleAppends(1));
      await writer.received(1);
      const waiting = queue.append(sampleAppends(10));
      expect(() => queue.append(sampleAppends(1))).toThrow(expect.objectContaining(overloaded));
      writer.release(0);
      await first;
      await writer.received(2);
      const next = queue.append(sampleAppends(1));
      writer.release(1);
      await waiting;
      await writer.received(3);
      writer.release(2);
      expect(await next).toHaveLength(1);
    },
  );

  test('a call larger than the whole queue is let in when nobody else waits', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxQueuedEvents: 10 });
    const call = queue.append(sampleAppends(50));
    expect(() => queue.append(sampleAppends(1))).toThrow(expect.objectContaining(overloaded));
    await writer.received(1);
    writer.release(0);
    expect(await call).toHaveLength(50);
  });

  test('a call that waits too long for its turn is overloaded and never handed over', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer, { maxQueueMs: 5 });
    const first = queue.append(sampleAppends(1));
    await writer.received(1);
    await expect(queue.append(sampleAppends(3))).rejects.toMatchObject(overloaded);
    writer.release(0);
    await first;
    await queue.drain();
    expect(sizesOf(writer)).toEqual([1]);
    expect(queue.stats.queuedEvents).toBe(0);
  });

  test('a call that is aborted while it waits is never handed over', async () => {
    const writer = new HeldWriter();
    const queue = queueOn(writer);
    const first = queue.append(sampleAppends(1));
    await writer.received(1);
    const stop = new AbortController();
    const aborted = queue.append(sampleAppends(3), stop.signal);
    stop.abort(new Error('no longer wanted'));
    await expect(aborted).rejects.toThrow('no longer wanted');
    writer.release(0);
    await first;
    await queue.drain();
    expect(sizesOf(writer)).toEqual([1]);
  });
});
