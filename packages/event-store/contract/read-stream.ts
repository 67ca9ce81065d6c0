import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { idsOf, newEvent, newEvents, onLog } from './log-under-test.ts';

export function readStreamContract(open: OpenHarness): void {
  describe('readStream', () => {
    test(
      'answers the events of that stream alone, in version order',
      onLog(open, async ({ store, stream }) => {
        const events = newEvents(4);
        for (const event of events) {
          await store.append({ stream: stream('a'), events: [event] });
          await store.append({ stream: stream('b'), events: [newEvent()] });
        }
        const read = await store.readStream(stream('a'));
        expect(idsOf(read)).toEqual(idsOf(events));
        expect(read.map(({ version }) => version)).toEqual([0, 1, 2, 3]);
        expect(read.every((event) => event.stream === stream('a'))).toBe(true);
      }),
    );

    test(
      'begins with version `from` and answers at most `limit`',
      onLog(open, async ({ store, stream }) => {
        await store.append({ stream: stream(), events: newEvents(10) });
        const versions = async (options: object) =>
          (await store.readStream(stream(), options)).map(({ version }) => version);
        expect(await versions({ from: 7 })).toEqual([7, 8, 9]);
        expect(await versions({ from: 2, limit: 3 })).toEqual([2, 3, 4]);
        expect(await versions({ limit: 1 })).toEqual([0]);
        expect(await versions({ from: 10 })).toEqual([]);
      }),
    );

    test(
      'answers at most a thousand events when no limit is given',
      onLog(open, async ({ store, stream }) => {
        await store.append({ stream: stream(), events: newEvents(1_001) });
        expect(await store.readStream(stream())).toHaveLength(1_000);
        expect(await store.readStream(stream(), { limit: 10_000 })).toHaveLength(1_001);
      }),
    );

    test(
      'answers nothing for a stream that nobody wrote',
      onLog(open, async ({ store, stream }) => {
        expect(await store.readStream(stream('nobody'))).toEqual([]);
      }),
    );

    test.for([{ limit: 0 }, { limit: 10_001 }, { limit: 1.5 }, { from: -1 }, { from: 0.5 }])(
      'refuses %o',
      (options, context) =>
        onLog(open, async ({ store, stream }) => {
          const read = store.readStream(stream(), options);
          await expect(read).rejects.toMatchObject({ code: 'event-store-invalid-argument' });
        })(context),
    );
  });
}
