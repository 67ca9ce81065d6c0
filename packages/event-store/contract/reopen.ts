import { describe, expect, test } from 'vitest';
import type { OpenHarness } from './harness.ts';
import {
  alteredFrom,
  newEvent,
  newEvents,
  onLog,
  onlyReceipt,
  readOn,
  receiptsOf,
} from './log-under-test.ts';

export function reopenContract(open: OpenHarness): void {
  describe('re-open', () => {
    test(
      'finds every event as it was, and goes on from there',
      onLog(open, async (log) => {
        for (const name of ['a', 'b'])
          await log.store.append({ stream: log.stream(name), events: newEvents(30) });
        const before = await log.written();
        const store = await log.reopen();
        expect(await readOn(store, log.start)).toEqual(before);
        expect(await store.head()).toBe(before.at(-1)?.position);
        const receipt = onlyReceipt(await store.append({ stream: log.stream('a'), events: [newEvent()] }));
        expect(receipt.version).toBe(30);
        expect(receipt.position > (before.at(-1)?.position ?? 0n)).toBe(true);
        await store.close();
      }),
    );

    test(
      'still knows ids and revisions',
      onLog(open, async (log) => {
        const append = { stream: log.stream(), events: newEvents(2), expected: 'no-stream' } as const;
        const first = receiptsOf(await log.store.append(append));
        const store = await log.reopen();
        expect(receiptsOf(await store.append(append))).toEqual(
          first.map((receipt) => ({ ...receipt, duplicate: true })),
        );
        const late = await store.append({ ...append, events: [newEvent()] });
        expect(late).toEqual({ ok: false, code: 'wrong-expected-revision', actual: 1 });
        if (store.idempotency === 'exact') {
          const reused = await store.append({ stream: log.stream(), events: append.events.map(alteredFrom) });
          expect(reused).toMatchObject({ ok: false, code: 'event-id-reused' });
        }
        await store.close();
      }),
    );
  });
}
