import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { HouseholdEvent } from '../contract/households.ts';
import { letters } from '../contract/letters.ts';
import type { Source } from '../index.ts';
import { GatedSource } from './gated-source.ts';

/** Gives batches of 100, and ends. */
function ending(events: readonly HouseholdEvent[]): Source<HouseholdEvent> {
  return {
    head: async () => events.at(-1)?.position ?? 0n,
    count: async () => events.length,
    readSubject: async () => [],
    async *subscribe() {
      for (let from = 0; from < events.length; from += 100) yield events.slice(from, from + 100);
    },
  };
}

function reading() {
  return { after: 0n, maxBatchEvents: 100, signal: new AbortController().signal };
}

test('what is done with the events counts as time that has passed', async () => {
  const source = new GatedSource(ending(letters(1_000)), { after: 0n, eventsPerSecond: 500 });
  const began = performance.now();
  // Ten parts, one every 200 ms but the first two at once; rests beside the work would make it 3,900 ms.
  for await (const _ of source.subscribe(reading())) await delay(190);
  const tookMs = performance.now() - began;
  expect(tookMs).toBeGreaterThanOrEqual(1_700);
  expect(tookMs).toBeLessThan(3_500);
});

test('who was slower than told is not let go faster afterwards', async () => {
  const source = new GatedSource(ending(letters(800)), { after: 0n, eventsPerSecond: 1_000 });
  const given: number[] = [];
  for await (const _ of source.subscribe(reading())) {
    given.push(performance.now());
    if (given.length === 1) await delay(1_000);
  }
  const [, second = 0] = given;
  // Six parts follow the second; two of them may come at once.
  expect((given.at(-1) ?? 0) - second).toBeGreaterThanOrEqual(380);
});
