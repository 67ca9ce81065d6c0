import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import { newEvent, newEvents, onLog, onlyReceipt } from './log-under-test.ts';
import { collect } from './subscriber.ts';

export function twoProcessesContract(open: OpenHarness): void {
  describe('two processes on one log', () => {
    test(
      'each sees what the other has written',
      onLog(open, async (log) => {
        const other = await log.elsewhere();
        await other.call('append', { stream: log.stream(), events: newEvents(2) });
        await log.store.append({ stream: log.stream(), events: newEvents(2), expected: 1 });
        await other.call('append', { stream: log.stream(), events: newEvents(2), expected: 3 });
        const whole = await log.written();
        expect(whole.map(({ version }) => version)).toEqual([0, 1, 2, 3, 4, 5]);
        expect(await other.call('readAll', { after: log.start })).toEqual(whole);
        expect(await other.call('head')).toBe(await log.store.head());
      }),
    );

    test(
      'a repeat is recognised wherever it comes from',
      onLog(open, async (log) => {
        const other = await log.elsewhere();
        const append = { stream: log.stream(), events: [newEvent()], expected: 'no-stream' } as const;
        const first = onlyReceipt(await other.call('append', append));
        expect(onlyReceipt(await log.store.append(append))).toEqual({ ...first, duplicate: true });
      }),
    );

    test(
      'a revision that the other process has passed is rejected',
      onLog(open, async (log) => {
        const other = await log.elsewhere();
        await log.store.append({ stream: log.stream(), events: [newEvent()] });
        await other.call('append', { stream: log.stream(), events: [newEvent()], expected: 0 });
        const late = await log.store.append({ stream: log.stream(), events: [newEvent()], expected: 0 });
        expect(late).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 1 });
      }),
    );

    test(
      'a subscription that waits sees the appends of the other process',
      onLog(open, async (log) => {
        const other = await log.elsewhere();
        const batches = log.store.subscribe({ after: log.start })[Symbol.asyncIterator]();
        for (let round = 0; round < 5; round += 1) {
          const next = batches.next();
          const { id } = onlyReceipt(
            await other.call('append', { stream: log.stream(), events: [newEvent()] }),
          );
          expect((await next).value).toMatchObject([{ id }]);
        }
        await batches.return?.();
      }),
    );

    test(
      'both write the same streams at once: versions without gap, one order for all, nothing starves',
      onLog(open, async (log) => {
        const other = await log.elsewhere();
        const write = async (append: (index: number) => Promise<unknown>) => {
          await Promise.all(Array.from({ length: 60 }, (_, index) => append(index)));
        };
        const appendTo = (index: number) => ({ stream: log.stream(`${index % 3}`), events: newEvents(5) });
        await Promise.all([
          write((index) => log.store.append(appendTo(index))),
          write((index) => other.call('append', appendTo(index))),
        ]);
        const whole = await log.written();
        expect(whole).toHaveLength(600);
        for (const name of ['0', '1', '2']) {
          const versions = whole
            .filter(({ stream }) => stream === log.stream(name))
            .map(({ version }) => version);
          expect(versions).toEqual(Array.from({ length: 200 }, (_, version) => version));
        }
        expect(await collect(log.store, { after: log.start, until: await log.store.head() })).toEqual(whole);
      }),
    );
  });
}
