import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../event-store.ts';
import type { OpenHarness } from './harness.ts';
import { newEvent, newEvents, onLog, onlyReceipt } from './log-under-test.ts';
import { collect } from './subscriber.ts';

export function subscribeContract(open: OpenHarness): void {
  describe('subscribe', () => {
    test(
      'from every position answers what readAll answers from there',
      onLog(open, async (log) => {
        for (const name of ['a', 'b', 'a'])
          await log.store.append({ stream: log.stream(name), events: newEvents(4) });
        const whole = await log.written();
        const head = await log.store.head();
        for (const [index, { position }] of whole.slice(0, -1).entries()) {
          expect(await collect(log.store, { after: position, until: head })).toEqual(whole.slice(index + 1));
        }
      }),
    );

    test(
      'batches are never empty and hold at most `maxBatchEvents`',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(25) });
        const sizes: number[] = [];
        const stop = new AbortController();
        for await (const batch of log.store.subscribe({
          after: log.start,
          maxBatchEvents: 10,
          signal: stop.signal,
        })) {
          sizes.push(batch.length);
          if (sizes.reduce((sum, size) => sum + size) === 25) stop.abort();
        }
        expect(sizes.every((size) => size >= 1 && size <= 10)).toBe(true);
      }),
    );

    test(
      'goes on with live events where the recorded ones end',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(3) });
        const batches = log.store.subscribe({ after: log.start })[Symbol.asyncIterator]();
        const seen: RecordedEvent[] = [];
        while (seen.length < 3) seen.push(...((await batches.next()).value ?? []));
        for (let live = 0; live < 5; live += 1) {
          const next = batches.next();
          await log.store.append({ stream: log.stream(), events: [newEvent()] });
          seen.push(...((await next).value ?? []));
        }
        await batches.return?.();
        expect(seen).toEqual(await log.written());
      }),
    );

    test(
      'from the head answers only what comes later',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(3) });
        const batches = log.store.subscribe({ after: await log.store.head() })[Symbol.asyncIterator]();
        const next = batches.next();
        const { id } = onlyReceipt(await log.store.append({ stream: log.stream(), events: [newEvent()] }));
        expect((await next).value).toMatchObject([{ id }]);
        await batches.return?.();
      }),
    );

    test(
      'begins at the start of the log when no position is given',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(2) });
        const first = await log.store.readAll({ limit: 1 });
        for await (const batch of log.store.subscribe({ maxBatchEvents: 1 })) {
          expect(batch).toEqual(first);
          break;
        }
      }),
    );

    test(
      'a slow consumer misses nothing and holds up nobody',
      onLog(open, async (log) => {
        const slow = log.store.subscribe({ after: log.start, maxBatchEvents: 7 })[Symbol.asyncIterator]();
        await log.store.append({ stream: log.stream(), events: newEvents(1) });
        const seen = [...((await slow.next()).value ?? [])];
        await log.store.appendMany(
          newEvents(500).map((event) => ({ stream: log.stream(), events: [event] })),
        );
        const head = await log.store.head();
        expect(await collect(log.store, { after: log.start, until: head })).toHaveLength(501);
        while (seen.at(-1)?.position !== head) seen.push(...((await slow.next()).value ?? []));
        await slow.return?.();
        expect(seen).toEqual(await log.written());
      }),
    );

    test(
      'many subscribers wait at once, and each sees everything',
      onLog(open, async (log) => {
        const stop = new AbortController();
        const sizes = Array.from({ length: 20 }, async () => {
          let size = 0;
          for await (const batch of log.store.subscribe({ after: log.start, signal: stop.signal })) {
            size += batch.length;
            if (size === 50) return size;
          }
          return size;
        });
        for (const event of newEvents(50)) await log.store.append({ stream: log.stream(), events: [event] });
        expect(await Promise.all(sizes)).toEqual(sizes.map(() => 50));
        stop.abort();
      }),
    );

    test.for([{ maxBatchEvents: 0 }, { maxBatchEvents: 10_001 }, { after: -1n }])(
      'refuses %o',
      (options, context) =>
        onLog(open, async ({ store }) => {
          const first = store.subscribe(options)[Symbol.asyncIterator]().next();
          await expect(first).rejects.toMatchObject({ code: 'event-store-invalid-argument' });
        })(context),
    );
  });
}
