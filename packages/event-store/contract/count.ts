import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { newEvents, onLog } from './log-under-test.ts';

const EVENTS = 7;

export function countContract(open: OpenHarness): void {
  describe('count', () => {
    test(
      'tells how many events lie between two positions, exactly where it says so',
      onLog(open, async (log) => {
        const events = newEvents(EVENTS);
        await log.store.appendMany(
          events.map((event, index) => ({ stream: log.stream(`${index % 2}`), events: [event] })),
        );
        const positions = [log.start, ...(await log.written()).map(({ position }) => position)];
        for (const [from, after] of positions.entries()) {
          for (const [to, upTo] of positions.entries()) {
            const count = await log.store.count({ after, upTo });
            const between = Math.max(0, to - from);
            if (log.store.counting === 'estimate' && between > 0) expect(count).toBeGreaterThanOrEqual(0);
            else expect([from, to, count]).toEqual([from, to, between]);
          }
        }
      }),
    );

    test(
      'counts to the head when nothing else is said, and nothing beyond it',
      onLog(open, async ({ store, start, stream }) => {
        await store.append({ stream: stream(), events: newEvents(3) });
        const head = await store.head();
        const all = await store.count({ after: start });
        expect(await store.count({ after: start, upTo: head })).toBe(all);
        expect(await store.count({ after: start, upTo: head + 1_000n })).toBe(all);
        expect(await store.count({ after: head })).toBe(0);
        expect(await store.count({ after: head + 1n })).toBe(0);
        expect(await store.count()).toBeGreaterThanOrEqual(all);
      }),
    );

    test.for([{ after: -1n }, { upTo: -1n }])('refuses %o', (options, context) =>
      onLog(open, async ({ store }) => {
        await expect(store.count(options)).rejects.toMatchObject({ code: 'event-store-invalid-argument' });
      })(context),
    );
  });
}
