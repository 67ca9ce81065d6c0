import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { expected, folded } from './comparison.ts';
import { eventsOf, type Happening, historyOf, type TestEvent } from './happening.ts';
import { createIdentityProjection } from './identity-projection.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { resolve } from './resolve.ts';
import {
  FORMER_IDENTIFIERS,
  FORMER_REVIEWS,
  FORMER_TIES,
  IDENTITY_TABLES,
  type IdentifierRow,
} from './tables.ts';
import { damaged, happenings, places } from './testing/damaged-histories.ts';

vi.setConfig({ testTimeout: 60_000 });

const projection = createIdentityProjection<TestEvent>({ plainIdentifiers: (event) => event.plain });
function inTime(events: readonly TestEvent[]): InMemoryRows {
  const rows = new InMemoryRows(IDENTITY_TABLES);
  for (const event of events) projection.fold(event, rows);
  return rows;
}

/**
 * Every row of what holds now, but since when. With which accounts an identifier was seen first counts only until it is shared.
 */
function saidNow(rows: InMemoryRows) {
  return CURRENT.map((table) =>
    rows.all(table as never).map((row) => {
      const { shared, accounts } = row as Partial<IdentifierRow>;
      return { ...(row as object), since: 0, accounts: shared === 'detected' ? null : accounts };
    }),
  );
}

const FORMER: readonly object[] = [FORMER_IDENTIFIERS, FORMER_TIES, FORMER_REVIEWS];
const CURRENT = IDENTITY_TABLES.filter((table) => !FORMER.includes(table));

it('after damaged events are mended and folded late, who is who is as if they had never been damaged', () => {
  fc.assert(
    fc.property(happenings, places, fc.boolean(), fc.boolean(), (happened, broken, isSealed, isEverybody) => {
      const events = eventsOf(happened);
      const rows = new InMemoryRows(IDENTITY_TABLES);
      for (const [place, event] of events.entries())
        projection.fold(broken.includes(place) ? damaged(event, isSealed) : event, rows);
      // What waits behind a damaged event was folded in time, and is folded again.
      for (const [place, event] of events.entries())
        if (broken.includes(place) || (isEverybody && place > Math.min(...broken)))
          projection.foldLate?.(event, rows);
      expect(folded(rows)).toEqual(expected(resolve(historyOf(events))));
      expect(saidNow(rows)).toEqual(saidNow(inTime(events)));
    }),
    { numRuns: 4000 },
  );
});

it('folding late what was folded in time writes nothing', () => {
  fc.assert(
    fc.property(happenings, (happened) => {
      const events = eventsOf(happened);
      const rows = inTime(events);
      const { changes } = rows;
      for (const event of events) projection.foldLate?.(event, rows);
      expect(rows.changes).toBe(changes);
    }),
    { numRuns: 1000 },
  );
});

const [ERP, CRM] = [
  { subject: '1-erp-1', kind: 'account', owner: 'erp' },
  { subject: '6-crm-2', kind: 'account', owner: 'crm' },
] as const;
/** What comes late proves a tie that was replaced in the meantime, and is replaced again. */
const MOVED_BACK: Happening[] = [
  { act: 'sighting', bears: [CRM], about: ['r1'], at: 0 },
  { act: 'sighting', bears: [ERP], about: ['r22'], at: 0 },
  { act: 'sighting', bears: [], about: ['r1', 'r22'], at: 1 },
  { act: 'sighting', bears: [CRM], about: ['r1'], at: 0 },
  { act: 'sighting', bears: [], about: ['r1', 'r333'], at: 0 },
];

it('the log goes on from there, and nothing is put aside twice', () => {
  fc.assert(
    fc.property(
      happenings,
      places,
      fc.boolean(),
      fc.nat({ max: 13 }),
      (happened, broken, isSealed, until) => {
        const events = eventsOf(happened);
        const rows = new InMemoryRows(IDENTITY_TABLES);
        const early = Math.min(until, events.length);
        for (const [place, event] of events.slice(0, early).entries())
          projection.fold(broken.includes(place) ? damaged(event, isSealed) : event, rows);
        for (const [place, event] of events.slice(0, early).entries())
          if (broken.includes(place)) projection.foldLate?.(event, rows);
        for (const event of events.slice(early)) projection.fold(event, rows);
        expect(folded(rows)).toEqual(expected(resolve(historyOf(events))));
      },
    ),
    { numRuns: 3000, examples: [[MOVED_BACK, [0], false, 4]] },
  );
});
