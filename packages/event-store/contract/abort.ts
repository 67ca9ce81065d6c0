import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { newEvent, newEvents, onLog, onlyReceipt } from './log-under-test.ts';

const reason = new Error('no longer wanted');

export function abortContract(open: OpenHarness): void {
  describe('abort', () => {
    test(
      'ends a subscription that waits: it returns, and does not throw',
      onLog(open, async (log) => {
        const stop = new AbortController();
        const batches = log.store
          .subscribe({ after: log.start, signal: stop.signal })
          [Symbol.asyncIterator]();
        const next = batches.next();
        stop.abort(reason);
        expect(await next).toEqual({ done: true, value: undefined });
      }),
    );

    test(
      'ends a subscription in the middle of its catch-up after the batch at hand',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(100) });
        const stop = new AbortController();
        let batches = 0;
        for await (const _batch of log.store.subscribe({
          after: log.start,
          maxBatchEvents: 10,
          signal: stop.signal,
        })) {
          batches += 1;
          if (batches === 3) stop.abort(reason);
        }
        expect(batches).toBe(3);
      }),
    );

    test(
      'ends a subscription before its first batch when it is aborted already',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(3) });
        const batches = log.store.subscribe({ after: log.start, signal: AbortSignal.abort(reason) });
        expect(await batches[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
      }),
    );

    test(
      'an append that is aborted beforehand fails with the reason and stores nothing',
      onLog(open, async (log) => {
        const signal = AbortSignal.abort(reason);
        const append = { stream: log.stream(), events: newEvents(2) };
        await expect(log.store.append(append, { signal })).rejects.toBe(reason);
        await expect(log.store.appendMany([append], { signal })).rejects.toBe(reason);
        expect(await log.written()).toEqual([]);
      }),
    );

    test(
      'an append that is aborted under way fails with the reason; repeated, its event is stored once',
      onLog(open, async (log) => {
        const stop = new AbortController();
        const append = { stream: log.stream(), events: [newEvent()], expected: 'no-stream' } as const;
        const call = log.store.append(append, { signal: stop.signal });
        stop.abort(reason);
        await expect(call).rejects.toBe(reason);
        const receipt = onlyReceipt(await log.store.append(append));
        expect((await log.written()).map(({ position }) => position)).toEqual([receipt.position]);
      }),
    );

    test(
      'an append that is aborted does not disturb its neighbours',
      onLog(open, async (log) => {
        const stop = new AbortController();
        const calls = newEvents(60).map((event, index) =>
          log.store.append(
            { stream: log.stream(`${index}`), events: [event] },
            index % 3 ? {} : { signal: stop.signal },
          ),
        );
        stop.abort(reason);
        const outcomes = await Promise.allSettled(calls);
        const stored = new Set((await log.written()).map(({ stream }) => stream));
        for (const [index, { status }] of outcomes.entries()) {
          expect(status).toBe(index % 3 ? 'fulfilled' : 'rejected');
          if (status === 'fulfilled') expect(stored).toContain(log.stream(`${index}`));
        }
      }),
    );

    test(
      'a read that is aborted beforehand fails with the reason',
      onLog(open, async ({ store, stream }) => {
        const signal = AbortSignal.abort(reason);
        await expect(store.readAll({ signal })).rejects.toBe(reason);
        await expect(store.readStream(stream(), { signal })).rejects.toBe(reason);
        await expect(store.head({ signal })).rejects.toBe(reason);
      }),
    );
  });
}
