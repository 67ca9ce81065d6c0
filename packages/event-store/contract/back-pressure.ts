import { describe, expect, test } from 'vitest';
import { EventStoreError } from '../errors.ts';
import type { OpenHarness } from './harness.ts';
import { newEvents, onLog, receiptsOf } from './log-under-test.ts';

const CALLS = 3_000;
const CALL_EVENTS = 30;

export function backPressureContract(open: OpenHarness): void {
  describe('back-pressure', () => {
    test(
      'a flood is stored or refused as overloaded, call by call; nothing is lost and nothing sneaks in',
      onLog(open, async (log) => {
        const calls = Array.from({ length: CALLS }, (_, index) => ({
          stream: log.stream(`${index}`),
          events: newEvents(CALL_EVENTS),
        }));
        const outcomes = await Promise.allSettled(calls.map((append) => log.store.append(append)));
        const stored = new Map<string, number>();
        for (const { stream } of await log.written()) stored.set(stream, (stored.get(stream) ?? 0) + 1);
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.status === 'fulfilled') receiptsOf(outcome.value);
          else expect(codeOf(outcome.reason)).toBe('event-store-overloaded');
          const expected = outcome.status === 'fulfilled' ? CALL_EVENTS : undefined;
          expect(stored.get(log.stream(`${index}`))).toBe(expected);
        }
        expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
      }),
    );
  });
}

function codeOf(reason: unknown): string | undefined {
  return reason instanceof EventStoreError ? reason.code : undefined;
}
