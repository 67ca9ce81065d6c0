import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { idsOf, newEvent, newEvents, onLog, receiptsOf } from './log-under-test.ts';

export function expectedRevisionContract(open: OpenHarness): void {
  describe('expected revision', () => {
    test(
      '`no-stream` holds while the stream is empty, and no longer',
      onLog(open, async ({ store, stream }) => {
        const first = await store.append({ stream: stream(), events: newEvents(2), expected: 'no-stream' });
        expect(first.ok).toBe(true);
        const second = await store.append({ stream: stream(), events: [newEvent()], expected: 'no-stream' });
        expect(second).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 1 });
      }),
    );

    test(
      'a number is the version of the last event',
      onLog(open, async ({ store, stream }) => {
        await store.append({ stream: stream(), events: newEvents(3) });
        for (const wrong of [0, 1, 3, 1_000]) {
          const result = await store.append({ stream: stream(), events: [newEvent()], expected: wrong });
          expect(result).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 2 });
        }
        const result = await store.append({ stream: stream(), events: [newEvent()], expected: 2 });
        expect(receiptsOf(result)[0]?.version).toBe(3);
      }),
    );

    test(
      'a number never fits a stream without events',
      onLog(open, async ({ store, stream }) => {
        const result = await store.append({ stream: stream(), events: [newEvent()], expected: 0 });
        expect(result).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 'no-stream' });
      }),
    );

    test(
      'a rejected append leaves nothing, and its ids stay free',
      onLog(open, async (log) => {
        const kept = newEvent();
        const late = newEvents(3);
        await log.store.append({ stream: log.stream(), events: [kept] });
        await log.store.append({ stream: log.stream(), events: late, expected: 'no-stream' });
        expect(idsOf(await log.written())).toEqual([kept.id]);
        const receipts = receiptsOf(
          await log.store.append({ stream: log.stream(), events: late, expected: 0 }),
        );
        expect(receipts.map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
      }),
    );

    test(
      'of appends at once that expect the same, exactly one is stored',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: [newEvent()] });
        const results = await Promise.all(
          Array.from({ length: 20 }, () =>
            log.store.append({ stream: log.stream(), events: newEvents(2), expected: 0 }),
          ),
        );
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        expect(await log.store.readStream(log.stream())).toHaveLength(3);
      }),
    );

    test(
      'is not checked when every event is a repeat',
      onLog(open, async ({ store, stream }) => {
        const events = newEvents(2);
        const append = { stream: stream(), events, expected: 'no-stream' } as const;
        const first = receiptsOf(await store.append(append));
        const again = receiptsOf(await store.append(append));
        expect(again).toEqual(first.map((receipt) => ({ ...receipt, duplicate: true })));
      }),
    );

    test(
      'is checked as soon as one event is new',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        await log.store.append({ stream: log.stream(), events: [event] });
        const events = [event, newEvent()];
        const result = await log.store.append({ stream: log.stream(), events, expected: 'no-stream' });
        expect(result).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 0 });
        expect(await log.written()).toHaveLength(1);
      }),
    );
  });
}
