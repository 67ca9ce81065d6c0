import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { idsOf, newEvent, newEvents, onLog, onlyReceipt, receiptsOf } from './log-under-test.ts';

export function repeatContract(open: OpenHarness): void {
  describe('idempotent receipt', () => {
    test(
      'a repeat answers the first receipt as a duplicate and stores nothing',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const events = newEvents(3);
        const first = receiptsOf(await log.store.append({ stream: log.stream(), events }));
        await log.store.append({ stream: log.stream(), events: newEvents(2) });
        const again = receiptsOf(await log.store.append({ stream: log.stream(), events }));
        expect(again).toEqual(first.map((receipt) => ({ ...receipt, duplicate: true })));
        expect(await log.written()).toHaveLength(5);
      }),
    );

    test(
      'a repeat under the same expectation is recognised by every log',
      onLog(open, async (log) => {
        const append = { stream: log.stream(), events: newEvents(2), expected: 'no-stream' } as const;
        const first = receiptsOf(await log.store.append(append));
        await log.store.append({ stream: log.stream(), events: [newEvent()], expected: 1 });
        const again = receiptsOf(await log.store.append(append));
        expect(again).toEqual(first.map((receipt) => ({ ...receipt, duplicate: true })));
        expect(await log.written()).toHaveLength(3);
      }),
    );

    test(
      'an id belongs to the whole log: repeated in another stream it answers its first place',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        const first = onlyReceipt(await log.store.append({ stream: log.stream('a'), events: [event] }));
        const again = onlyReceipt(await log.store.append({ stream: log.stream('b'), events: [event] }));
        expect(again).toEqual({ ...first, duplicate: true });
        expect(await log.store.readStream(log.stream('b'))).toEqual([]);
      }),
    );

    test(
      'of an append that is repeated in part, only the new events are stored',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const [a, b, c] = [newEvent('a'), newEvent('b'), newEvent('c')];
        const [, first] = receiptsOf(await log.store.append({ stream: log.stream(), events: [a, b] }));
        const mixed = receiptsOf(await log.store.append({ stream: log.stream(), events: [c, b] }));
        expect(mixed.map(({ version, duplicate }) => [version, duplicate])).toEqual([
          [2, false],
          [1, true],
        ]);
        expect(mixed[1]?.position).toBe(first?.position);
        expect(idsOf(await log.written())).toEqual([a.id, b.id, c.id]);
      }),
    );

    test(
      'an id twice in one append is stored once',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        const receipts = receiptsOf(await log.store.append({ stream: log.stream(), events: [event, event] }));
        expect(receipts.map(({ duplicate }) => duplicate)).toEqual([false, true]);
        expect(receipts[1]?.position).toBe(receipts[0]?.position);
        expect(await log.written()).toHaveLength(1);
      }),
    );

    test(
      'an event that many append at once is stored once, and all learn where',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const append = { stream: log.stream(), events: [newEvent()] };
        const calls = Array.from({ length: 30 }, (_, index) =>
          index % 2 ? log.store.append(append) : log.store.appendMany([append, append]).then(([one]) => one),
        );
        const receipts = (await Promise.all(calls)).map(onlyReceipt);
        expect(receipts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
        expect(new Set(receipts.map(({ position }) => position)).size).toBe(1);
        expect(await log.written()).toHaveLength(1);
      }),
    );
  });
}
