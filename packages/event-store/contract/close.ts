import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { newEvent, newEvents, onLog } from './log-under-test.ts';

const closed = { code: 'event-store-closed', isRetryable: false };

export function closeContract(open: OpenHarness): void {
  describe('close', () => {
    test(
      'waits for appends under way',
      onLog(open, async ({ store, stream }) => {
        const calls = newEvents(200).map((event) => store.append({ stream: stream(), events: [event] }));
        let answered = 0;
        for (const call of calls) void call.then(() => (answered += 1));
        await store.close();
        expect(answered).toBe(200);
      }),
    );

    test(
      'fails every later call',
      onLog(open, async ({ store, stream }) => {
        await store.close();
        const append = { stream: stream(), events: [newEvent()] };
        await expect(store.append(append)).rejects.toMatchObject(closed);
        await expect(store.appendMany([append])).rejects.toMatchObject(closed);
        await expect(store.appendMany([])).rejects.toMatchObject(closed);
        await expect(store.readAll()).rejects.toMatchObject(closed);
        await expect(store.readStream(stream())).rejects.toMatchObject(closed);
        await expect(store.head()).rejects.toMatchObject(closed);
        await expect(store.count()).rejects.toMatchObject(closed);
        await expect(store.subscribe()[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed);
      }),
    );

    test(
      'ends a waiting subscription with an error',
      onLog(open, async (log) => {
        const next = log.store.subscribe({ after: log.start })[Symbol.asyncIterator]().next();
        const outcome = expect(next).rejects.toMatchObject(closed);
        await log.store.close();
        await outcome;
      }),
    );

    test(
      'may be called again, also at the same time',
      onLog(open, async ({ store }) => {
        await Promise.all([store.close(), store.close()]);
        await store.close();
      }),
    );
  });
}
