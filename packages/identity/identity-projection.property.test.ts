import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AskingRows } from './asking-rows.ts';
import { type History, identifiersSeen } from './history.ts';
import {
  aDecision,
  eventOf,
  eventsOf,
  type Happening,
  happenings,
  historyOf,
  sightings,
  type TestEvent,
} from './history-arbitrary.ts';
import { createIdentityProjection } from './identity-projection.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { type Resolution, resolve } from './resolve.ts';
import {
  CUSTOMERS,
  DECISIONS,
  IDENTIFIERS,
  IDENTITY_TABLES,
  LINKS,
  REFERENCES,
  REVIEWS,
  TIES,
} from './tables.ts';

const projection = createIdentityProjection<TestEvent>({ plainIdentifiers: (event) => event.plain });

function fold(events: readonly TestEvent[], rows = new InMemoryRows(IDENTITY_TABLES)): InMemoryRows {
  for (const event of events) projection.fold(event, rows);
  return rows;
}

/** What the rows say, in the shape of what the rules say. */
function folded(rows: InMemoryRows) {
  const identifiers = rows.all(IDENTIFIERS);
  return {
    customers: rows.all(CUSTOMERS).map((row) => ({
      ...row,
      members: identifiers.filter((one) => one.customer === row.customer).map((one) => one.subject),
    })),
    shared: identifiers.filter((one) => one.shared !== null).map((one) => [one.subject, one.shared]),
    ties: rows.all(TIES),
    reviews: rows.all(REVIEWS),
  };
}

function expected({ customers, shared, ties, refused }: Resolution) {
  return {
    customers: customers.map(({ members, barred, ...customer }) => ({
      ...customer,
      barred: Number(barred),
      alone: Number(members.length === 1),
      members,
    })),
    shared: [...shared].sort(([a], [b]) => (a < b ? -1 : 1)),
    ties: [...ties.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    reviews: refused
      .map(({ bond: { key, position, eventid }, why, detail }) => ({
        members: key,
        position,
        eventid,
        why,
        detail,
      }))
      .sort((a, b) => (a.members < b.members ? -1 : 1)),
  };
}

function membership({ customers }: Resolution) {
  return customers.map(({ customer, members }) => [customer, ...members]);
}

/** Rows that no undo may change: all but the records of decisions and what only they ever named. */
function untouched(rows: InMemoryRows, events: readonly TestEvent[]) {
  const shown = new Set(
    events.filter(isSighting).flatMap((event) => identifiersSeen(event).map((key) => key.subject)),
  );
  return {
    identifiers: rows.all(IDENTIFIERS).filter((row) => shown.has(row.subject)),
    customers: rows.all(CUSTOMERS).filter((row) => shown.has(row.customer)),
    links: rows.all(LINKS),
    references: rows.all(REFERENCES),
    ties: rows.all(TIES),
    reviews: rows.all(REVIEWS),
  };
}

function isSighting(event: TestEvent): boolean {
  return event.touchpoint.type === 'touchline.note.added.v1';
}

/** Something the machine refused, or would have refused had it come in another order. */
function hasConflict({ customers, refused }: Resolution, { decisions, undone }: History): boolean {
  const active = decisions.filter((decision) => !undone.has(decision.eventid));
  const bans = active.filter((decision) => decision.kind === 'nomerge').map((ban) => ban.parties);
  return (
    refused.length > 0 ||
    customers.some(({ members, owners }) => {
      const isBroken = bans.some((parties) => parties.every(({ subject }) => members.includes(subject)));
      return isBroken || members.filter((subject) => ACCOUNT.test(subject)).length > owners.length;
    })
  );
}

const ACCOUNT = /-(crm|erp)-/;

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
    { numRuns: 3000 },
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
    { numRuns: 3000 },
  );
  expect(tried).toBeGreaterThan(500);
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
    decision: aDecision,
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
    { numRuns: 3000 },
  );
});

/** That an id, known from a decision only, is an account, is learned from the decision and not forgotten with it. */
function namesAccountById(event: TestEvent): boolean {
  return event.identifiers.some(({ kind, subject }) => kind === 'customer' && ACCOUNT.test(subject));
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
