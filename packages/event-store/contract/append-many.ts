import { describe, expect, test } from 'vitest';
import type { Position } from '../event-store.ts';
import type { OpenHarness } from './harness.ts';
import { alteredFrom, eventsOf, idsOf, newEvent, newEvents, onLog, receiptsOf } from './log-under-test.ts';

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
      'a call of thousands is stored in the order given, as far as the log keeps it',
      onLog(open, async (log) => {
        const appends = newEvents(5_000).map((event, index) => ({
          stream: log.stream(`${index % 7}`),
          events: [event],
        }));
        const receipts = (await log.store.appendMany(appends)).flatMap(receiptsOf);
        const given = eventsOf(appends);
        const written = await log.written();
        expect(log.inOrderKept(written)).toEqual(log.inOrderKept(given));
        expect(idsOf(receipts)).toEqual(idsOf(given));
        expect(placesOf(receipts)).toEqual(placesOf(written));
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

function placesOf(
  events: readonly { readonly id: string; readonly position: Position }[],
): ReadonlyMap<string, Position> {
  return new Map(events.map(({ id, position }) => [id, position]));
}
