import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { eventsOf, type TestEvent } from './happening.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { IDENTITY_TABLES } from './tables.ts';
import { happenings, places } from './testing/damaged-histories.ts';
import { projection, Told } from './testing/told.ts';

vi.setConfig({ testTimeout: 60_000 });

function foldedInTime(events: readonly TestEvent[]): string {
  const rows = new InMemoryRows(IDENTITY_TABLES);
  for (const event of events) projection.fold(event, rows);
  return rows.snapshot();
}

it('after damaged events are mended and retried, every row of every table is as if they had never been damaged', () =>
  fc.assert(
    fc.asyncProperty(happenings, places, fc.boolean(), async (happened, broken, isSealed) => {
      const events = eventsOf(happened);
      const told = new Told();
      for (const [place, event] of events.entries())
        if (broken.includes(place)) told.foldDamaged(event, isSealed);
        else told.fold(event);
      for (const subject of [...told.parked.keys()]) expect(await told.retry(subject)).toBe(0);
      expect(told.rows.snapshot()).toBe(foldedInTime(events));
    }),
    { numRuns: 4000 },
  ));

it('the log goes on between the retries and after them', () =>
  fc.assert(
    fc.asyncProperty(happenings, places, fc.array(fc.nat({ max: 13 })), async (happened, broken, retries) => {
      const events = eventsOf(happened);
      const told = new Told();
      for (const [place, event] of events.entries()) {
        if (broken.includes(place)) told.foldDamaged(event, place % 2 === 0);
        else told.fold(event);
        const [longest] = told.parked.keys();
        if (longest !== undefined && retries.includes(place)) expect(await told.retry(longest)).toBe(0);
      }
      for (const subject of [...told.parked.keys()].reverse()) expect(await told.retry(subject)).toBe(0);
      expect(told.rows.snapshot()).toBe(foldedInTime(events));
    }),
    { numRuns: 3000 },
  ));
