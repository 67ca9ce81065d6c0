import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position, RecordedEvent } from '../event-store.ts';
import type { OpenHarness } from './harness.ts';
import { onLog, readOn } from './log-under-test.ts';
import { collect } from './subscriber.ts';
import { carryOut, type Written, writingPlans } from './writing-plan.ts';

const RUNS = 40;

export function interleavingContract(open: OpenHarness): void {
  describe('whatever writers do at once', () => {
    test(
      'versions have no gaps, positions grow, and receipts say what readers see',
      onLog(open, async ({ store }) => {
        const repeats = store.idempotency === 'exact';
        await fc.assert(
          fc.asyncProperty(writingPlans(), async (plan) => {
            const before = await store.head();
            const written = await carryOut(plan, store, { repeats });
            const events = await readOn(store, before);
            expectGrowth(events);
            expectReceipts(written, events);
            expectNothingElse(written, events);
          }),
          { numRuns: RUNS },
        );
      }),
    );

    test(
      'a subscription from any position answers what readAll answers from there, while they write',
      onLog(open, async ({ store, start }) => {
        const repeats = store.idempotency === 'exact';
        const subscription = fc.record({ back: fc.nat(20), maxBatchEvents: fc.integer({ min: 1, max: 8 }) });
        const subscriptions = fc.array(subscription, { minLength: 1, maxLength: 4 });
        await fc.assert(
          fc.asyncProperty(writingPlans(), subscriptions, async (plan, wanted) => {
            const earlier = (await readOn(store, start)).map(({ position }) => position);
            const until = Promise.withResolvers<Position>();
            const followers = wanted.map(({ back, maxBatchEvents }) => {
              const after = earlier.at(-1 - back) ?? start;
              return { after, seen: collect(store, { after, maxBatchEvents, until: until.promise }) };
            });
            await carryOut(plan, store, { repeats });
            until.resolve(await store.head());
            for (const { after, seen } of followers) expect(await seen).toEqual(await readOn(store, after));
          }),
          { numRuns: RUNS },
        );
      }),
    );
  });
}

function expectGrowth(events: readonly RecordedEvent[]): void {
  const versions = new Map<string, number>();
  for (const [index, { position, stream, version, recordedAt }] of events.entries()) {
    const earlier = events[index - 1];
    if (earlier) {
      expect(position > earlier.position).toBe(true);
      expect(recordedAt).toBeGreaterThanOrEqual(earlier.recordedAt);
    }
    expect(version).toBe((versions.get(stream) ?? -1) + 1);
    versions.set(stream, version);
  }
}

/** Each receipt points at its event, and each event has exactly one receipt that is no duplicate. */
function expectReceipts(written: readonly Written[], events: readonly RecordedEvent[]): void {
  const stored = new Map(events.map((event) => [event.id, event]));
  const firsts: string[] = [];
  for (const { result } of written) {
    for (const { id, position, version, duplicate } of result.ok ? result.receipts : []) {
      expect(stored.get(id)).toMatchObject({ position, version });
      if (!duplicate) firsts.push(id);
    }
  }
  expect(firsts.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
}

/** What is stored is what an accepted append brought, in its stream and with its content. */
function expectNothingElse(written: readonly Written[], events: readonly RecordedEvent[]): void {
  const accepted = written.filter(({ result }) => result.ok).map(({ append }) => append);
  for (const { id, stream, type, fingerprint, data } of events) {
    const origin = accepted.some(
      (append) =>
        append.stream === stream &&
        append.events.some(
          (event) => event.id === id && event.fingerprint === fingerprint && event.data === data,
        ),
    );
    expect(origin, `${type} ${id} in ${stream}`).toBe(true);
  }
}
