import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { alteredFrom, newEvent, onLog } from './log-under-test.ts';

export function reuseContract(open: OpenHarness): void {
  describe('conflict on reused id', () => {
    test(
      'an id with another fingerprint is rejected by name, and the first content stays',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        await log.store.append({ stream: log.stream('a'), events: [event] });
        for (const name of ['a', 'b']) {
          const result = await log.store.append({ stream: log.stream(name), events: [alteredFrom(event)] });
          expect(result).toEqual({ ok: false, code: 'event-id-reused', id: event.id });
        }
        expect(await log.written()).toMatchObject([event]);
      }),
    );

    test(
      'the whole append is rejected, and its other events leave nothing',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        await log.store.append({ stream: log.stream(), events: [event] });
        const events = [newEvent(), alteredFrom(event), newEvent()];
        const result = await log.store.append({ stream: log.stream('b'), events });
        expect(result).toEqual({ ok: false, code: 'event-id-reused', id: event.id });
        expect(await log.written()).toHaveLength(1);
      }),
    );

    test(
      'an id with two contents in one append is rejected',
      onLog(open, async (log) => {
        const event = newEvent();
        const events = [event, newEvent(), alteredFrom(event)];
        const result = await log.store.append({ stream: log.stream(), events });
        expect(result).toEqual({ ok: false, code: 'event-id-reused', id: event.id });
        expect(await log.written()).toEqual([]);
      }),
    );

    test(
      'it is told before the expected revision',
      onLog(open, async (log) => {
        log.needExactIdempotency();
        const event = newEvent();
        await log.store.append({ stream: log.stream(), events: [event] });
        const events = [alteredFrom(event)];
        const result = await log.store.append({ stream: log.stream(), events, expected: 'no-stream' });
        expect(result).toMatchObject({ ok: false, code: 'event-id-reused' });
      }),
    );
  });
}
