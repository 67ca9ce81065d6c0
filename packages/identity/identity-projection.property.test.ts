import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { AskingRows } from './asking-rows.ts';
import {
  expected,
  folded,
  hasConflict,
  isAccount,
  isSighting,
  membership,
  seenAsOf,
  seenNow,
  untouched,
} from './comparison.ts';
import {
  ACCOUNTS,
  CUSTOMER_IDS,
  eventOf,
  eventsOf,
  FEW,
  type Happening,
  historyOf,
  REFERENCES,
  reference,
  type TestEvent,
  WEAK,
} from './happening.ts';
import { createIdentityProjection } from './identity-projection.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { resolve } from './resolve.ts';
import { CUSTOMERS, DECISIONS, IDENTIFIERS, IDENTITY_TABLES } from './tables.ts';

const at = fc.integer({ min: 0, max: 12 });
const about = (minLength: number) =>
  fc
    .subarray(REFERENCES, { minLength, maxLength: 2 })
    .chain((some) => fc.constantFrom(some, [...some].reverse()));
const identifiers = fc.oneof(
  { weight: 3, arbitrary: fc.subarray([...ACCOUNTS, ...WEAK], { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.subarray(WEAK, { minLength: 1, maxLength: 4 }) },
);
const sighting = fc.record({
  act: fc.constant('sighting' as const),
  bears: identifiers,
  about: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: about(1) }),
  at,
});
const mention = fc.record({
  act: fc.constant('sighting' as const),
  bears: fc.constant([]),
  about: about(1),
  at,
});
const party = fc.oneof(
  fc.constantFrom(...FEW, ...CUSTOMER_IDS),
  fc.constantFrom(...ACCOUNTS, ...WEAK, ...REFERENCES.map(reference)),
);
const decision = fc.record({
  act: fc.constantFrom('merge' as const, 'merge' as const, 'nomerge' as const, 'shared' as const),
  parties: fc.tuple(party, party),
  at,
});
const undo = fc.record({ act: fc.constant('undo' as const), place: fc.nat({ max: 4 }), at });

const sightings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: sighting }, { weight: 1, arbitrary: mention }),
  { minLength: 1, maxLength: 14 },
);

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: sighting },
    { weight: 3, arbitrary: mention },
    { weight: 3, arbitrary: decision },
    { weight: 1, arbitrary: undo },
  ),
  { minLength: 1, maxLength: 18 },
);

/** Thousands of small histories take two seconds, many times that where the machine is busy. */
vi.setConfig({ testTimeout: 60_000 });

const projection = createIdentityProjection<TestEvent>({ plainIdentifiers: (event) => event.plain });

function fold(events: readonly TestEvent[], rows = new InMemoryRows(IDENTITY_TABLES)): InMemoryRows {
  for (const event of events) projection.fold(event, rows);
  return rows;
}

it('folds to what the rules say of the whole history, after every event', () => {
  fc.assert(
    fc.property(happenings, (happened) => {
      const events = eventsOf(happened);
      const rows = new InMemoryRows(IDENTITY_TABLES);
      for (const [place, event] of events.entries()) {
        projection.fold(event, rows);
        expect(folded(rows)).toEqual(expected(resolve(historyOf(events.slice(0, place + 1)))));
      }
    }),
    { numRuns: 2000 },
  );
});

it('writes the same rows for the same log, byte for byte', () => {
  fc.assert(
    fc.property(happenings, (happened) => {
      const events = eventsOf(happened);
      expect(fold(events).snapshot()).toBe(fold(structuredClone(events)).snapshot());
    }),
    { numRuns: 500 },
  );
});

it('gives the same rows when folds stop at the first row that is not loaded and start again', () => {
  fc.assert(
    fc.property(happenings, (happened) => {
      const events = eventsOf(happened);
      const asking = new AskingRows(new InMemoryRows(IDENTITY_TABLES));
      for (const event of events) asking.run((rows) => projection.fold(event, rows));
      expect(asking.loaded.snapshot()).toBe(fold(events).snapshot());
    }),
    { numRuns: 500 },
  );
});

it('finds the same customers in any order of arrival, when no accounts contradict each other', () => {
  let tried = 0;
  const shuffled = fc
    .tuple(happenings, fc.infiniteStream(fc.nat()))
    .map(([happened, random]) => ({ happened, ranks: happened.map(() => random.next().value as number) }));
  fc.assert(
    fc.property(shuffled, ({ happened, ranks }) => {
      const events = eventsOf(happened);
      const history = historyOf(events);
      const before = resolve(history);
      if (hasConflict(before, history)) return;
      tried += 1;
      const after = fold(permuted(events, ranks));
      expect(folded(after).customers.map(({ customer, members }) => [customer, ...members])).toEqual(
        membership(before),
      );
    }),
    { numRuns: 2000 },
  );
  expect(tried).toBeGreaterThan(400);
});

/** Sightings anywhere; decisions keep their order among themselves, as the last word on a pair counts. */
function permuted(events: readonly TestEvent[], ranks: readonly number[]): TestEvent[] {
  const places = events.map((_, place) => place).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  const mixed = places.flatMap((place) => events[place] ?? []);
  const decisions = events.filter((event) => !isSighting(event)).values();
  return mixed.map((event, place) => {
    const next = isSighting(event) ? event : (decisions.next().value ?? event);
    return { ...next, position: BigInt(place + 1) };
  });
}

it('restores every row when a decision is undone, however much later', () => {
  const decided = fc.record({
    happened: happenings,
    decision: decision,
    at: fc.nat({ max: 18 }),
    late: fc.nat({ max: 18 }),
  });
  fc.assert(
    fc.property(decided, ({ happened, decision, at, late }) => {
      const events = eventsOf(happened);
      fc.pre(!events.some(namesAccountById));
      const made = Math.min(at, events.length);
      const undone = Math.min(made + late, events.length);
      const merge = eventOf(decision, 'the-decision', BigInt(made * 10 + 1));
      const undo = eventOf({ act: 'undo', place: 0, at: 5 }, 'the-undo', BigInt(undone * 10 + 2), [
        'the-decision',
      ]);
      const between = events.slice(made, undone);
      const rows = fold([...events.slice(0, made), merge, ...between, undo]);
      expect(untouched(rows, events.slice(0, undone))).toEqual(
        untouched(fold(events.slice(0, undone)), events.slice(0, undone)),
      );
      fold(events.slice(undone), rows);
      expect(untouched(rows, events)).toEqual(untouched(fold(events), events));
    }),
    { numRuns: 2000 },
  );
});

/** That an id, known from a decision only, is an account, is learned from the decision and not forgotten with it. */
function namesAccountById(event: TestEvent): boolean {
  return event.identifiers.some(({ kind, subject }) => kind === 'customer' && isAccount(subject));
}

it('never brings two accounts of one system into one customer, unless a person merged into it', () => {
  fc.assert(
    fc.property(fc.oneof(sightings, happenings), (happened) => {
      const events = eventsOf(happened);
      const rows = fold(events);
      const merges = rows.all(DECISIONS).filter((row) => row.kind === 'merge' && row.active === 1);
      for (const { customer, owners } of rows.all(CUSTOMERS)) {
        const members = rows.list(IDENTIFIERS, 'customer', customer);
        const accounts = members.filter((row) => row.owner !== null);
        if (accounts.length === owners.length) continue;
        const subjects = new Set(members.map((row) => row.subject));
        expect(
          merges.some((merge) => subjects.has(merge.party) && subjects.has(merge.otherParty ?? '')),
        ).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

it('finds a customer by every id it ever had', () => {
  fc.assert(
    fc.property(happenings, (happened) => {
      const rows = new InMemoryRows(IDENTITY_TABLES);
      const ids = new Set<string>();
      for (const event of eventsOf(happened)) {
        projection.fold(event, rows);
        for (const row of rows.all(CUSTOMERS)) ids.add(row.customer);
      }
      for (const id of ids) expect(rows.get(CUSTOMERS, projection.customerOf(id, rows))).toBeDefined();
    }),
    { numRuns: 1000 },
  );
});

it('keeps what it replaces: as of any position, the rows say what they said then', () => {
  const places = fc.uniqueArray(fc.nat({ max: 18 }));
  fc.assert(
    fc.property(happenings, places, (happened, erased) => {
      const rows = new InMemoryRows(IDENTITY_TABLES);
      const told = eventsOf(happened).map((event, place) => {
        projection.fold(erased.includes(place) ? { ...event, plain: [] } : event, rows);
        return { position: Number(event.position), seen: seenNow(rows) };
      });
      for (const { position, seen } of told) expect(seenAsOf(rows, position)).toEqual(seen);
    }),
    { numRuns: 2000 },
  );
});

it('writes nothing for a repeat', () => {
  fc.assert(
    fc.property(happenings, (happened: Happening[]) => {
      const events = eventsOf(happened);
      const rows = fold(events);
      const { changes } = rows;
      fold(
        events.map((event) => ({ ...event, position: event.position + 1000n })),
        rows,
      );
      expect(rows.changes).toBe(changes);
    }),
    { numRuns: 1000 },
  );
});
