import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { alteredFrom, idsOf, newEvent, newEvents, onLog, receiptsOf } from './log-under-test.ts';

export function appendManyContract(open: OpenHarness): void {
  describe('appendMany', () => {
    test(
      'each append stands on its own; results come in the order given',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const known = newEvent();
        await log.store.append({ stream: log.stream('a'), events: [known] });
        const results = await log.store.appendMany([
          { stream: log.stream('b'), events: newEvents(2) },
          { stream: log.stream('a'), events: newEvents(2), expected: 'no-stream' },
          { stream: log.stream('b'), events: [newEvent(), alteredFrom(known)] },
          { stream: log.stream('a'), events: [known] },
          { stream: log.stream('b'), events: [newEvent()], expected: 1 },
        ]);
        expect(results.map((result) => (result.ok ? 'stored' : result.code))).toEqual([
          'stored',
          'wrong-expected-revision',
          'event-id-reused',
          'stored',
          'stored',
        ]);
        expect(receiptsOf(results[3])[0]?.duplicate).toBe(true);
        expect(await log.store.readStream(log.stream('b'))).toHaveLength(3);
        expect(await log.written()).toHaveLength(4);
      }),
    );

    test(
      'a later append sees what an earlier one did',
      onLog(open, async ({ store, stream }) => {
        const results = await store.appendMany([
          { stream: stream(), events: newEvents(2), expected: 'no-stream' },
          { stream: stream(), events: [newEvent()], expected: 'no-stream' },
          { stream: stream(), events: [newEvent()], expected: 1 },
        ]);
        expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
      }),
    );

    test(
      'a call of thousands is stored in the order given',
      onLog(open, async (log) => {
        const events = newEvents(5_000);
        const appends = events.map((event, index) => ({
          stream: log.stream(`${index % 7}`),
          events: [event],
        }));
        const results = await log.store.appendMany(appends);
        const written = await log.written();
        expect(idsOf(written)).toEqual(idsOf(events));
        expect(results.flatMap(receiptsOf).map(({ position }) => position)).toEqual(
          written.map(({ position }) => position),
        );
      }),
    );

    test(
      'no appends give no results',
      onLog(open, async ({ store }) => {
        expect(await store.appendMany([])).toEqual([]);
      }),
    );
  });
}
