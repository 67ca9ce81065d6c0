import { describe, expect, test } from 'vitest';
import { START } from '../event-store.ts';
import type { OpenHarness } from './harness.ts';
import { eventsOf, newEvents, onLog } from './log-under-test.ts';

export function readAllContract(open: OpenHarness): void {
  describe('readAll and head', () => {
    test(
      'answers every event in position order, after `after`, at most `limit`',
      onLog(open, async (log) => {
        const appends = newEvents(9).map((event, index) => ({
          stream: log.stream(`${index % 2}`),
          events: [event],
        }));
        await log.store.appendMany(appends);
        const whole = await log.written();
        expect(log.inOrderKept(whole)).toEqual(log.inOrderKept(eventsOf(appends)));
        for (const [index, { position }] of whole.entries()) {
          expect(await log.store.readAll({ after: position })).toEqual(whole.slice(index + 1));
          expect(await log.store.readAll({ after: position, limit: 2 })).toEqual(
            whole.slice(index + 1, index + 3),
          );
        }
      }),
    );

    test(
      'answers at most a thousand events when no limit is given',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(1_001) });
        expect(await log.store.readAll({ after: log.start })).toHaveLength(1_000);
        expect(await log.store.readAll({ after: log.start, limit: 10_000 })).toHaveLength(1_001);
      }),
    );

    test(
      'the head is the position of the last event, and there is nothing after it',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(3) });
        const head = await log.store.head();
        expect((await log.written()).at(-1)?.position).toBe(head);
        expect(await log.store.readAll({ after: head })).toEqual([]);
      }),
    );

    test(
      'an append that is rejected or only repeats does not move the head',
      onLog(open, async ({ store, stream }) => {
        const append = { stream: stream(), events: newEvents(2), expected: 'no-stream' } as const;
        await store.append(append);
        const head = await store.head();
        await store.append(append);
        await store.append({ ...append, events: newEvents(1) });
        expect(await store.head()).toBe(head);
      }),
    );

    test(
      'begins at the start of the log when no position is given',
      onLog(open, async (log) => {
        await log.store.append({ stream: log.stream(), events: newEvents(2) });
        expect(await log.store.readAll({ limit: 5 })).toEqual(
          await log.store.readAll({ after: START, limit: 5 }),
        );
        expect(await log.store.readAll({ limit: 1 })).toHaveLength(1);
      }),
    );

    test.for([{ limit: 0 }, { limit: 10_001 }, { limit: Number.NaN }, { after: -1n }])(
      'refuses %o',
      (options, context) =>
        onLog(open, async ({ store }) => {
          await expect(store.readAll(options)).rejects.toMatchObject({
            code: 'event-store-invalid-argument',
          });
        })(context),
    );
  });
}
