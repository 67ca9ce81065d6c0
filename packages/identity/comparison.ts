import { ACCOUNTS, type TestEvent } from './happening.ts';
import { type History, identifiersSeen } from './history.ts';
import type { InMemoryRows } from './in-memory-rows.ts';
import { compareText } from './order.ts';
import type { Resolution } from './resolve.ts';
import {
  CUSTOMERS,
  FORMER_IDENTIFIERS,
  FORMER_REVIEWS,
  FORMER_TIES,
  IDENTIFIERS,
  LINKS,
  REFERENCES,
  REVIEWS,
  TIES,
} from './tables.ts';

/** What the rows say, in the shape of what the rules say. */
export function folded(rows: InMemoryRows) {
  const identifiers = rows.all(IDENTIFIERS);
  return {
    customers: rows.all(CUSTOMERS).map((row) => ({
      ...row,
      members: identifiers.filter((one) => one.customer === row.customer).map((one) => one.subject),
    })),
    shared: identifiers.filter((one) => one.shared !== null).map((one) => [one.subject, one.shared]),
    ties: rows.all(TIES).map(withoutSince),
    reviews: rows.all(REVIEWS).map(withoutSince),
  };
}

export function expected({ customers, shared, ties, refused }: Resolution) {
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

/** What readers see of identifiers, ties and reviews. */
export function seenNow(rows: InMemoryRows) {
  return {
    identifiers: rows.all(IDENTIFIERS).map(({ subject, kind, owner, customer, shared, firstAt, value }) => {
      return { subject, kind, owner, customer, shared, isTouched: firstAt !== null, value };
    }),
    ties: rows.all(TIES).map(withoutSince),
    reviews: rows.all(REVIEWS).map(withoutSince),
  };
}

/** The same as of a position that has passed. */
export function seenAsOf(rows: InMemoryRows, position: number): ReturnType<typeof seenNow> {
  const held = (row: { readonly since: number; readonly until?: number }): boolean =>
    row.since <= position && position < (row.until ?? Number.POSITIVE_INFINITY);
  const identifiers = [
    ...rows.all(IDENTIFIERS),
    ...rows.all(FORMER_IDENTIFIERS).flatMap(({ readable, ...former }) => {
      const row = rows.get(IDENTIFIERS, former.subject);
      return row === undefined ? [] : [{ ...row, ...former, value: readable === 1 ? row.value : null }];
    }),
  ];
  return {
    identifiers: identifiers
      .filter(held)
      .map(({ subject, kind, owner, customer, shared, touchedSince, value }) => {
        const isTouched = touchedSince !== null && touchedSince <= position;
        return { subject, kind, owner, customer, shared, isTouched, value };
      })
      .sort((a, b) => compareText(a.subject, b.subject)),
    ties: [...rows.all(TIES), ...rows.all(FORMER_TIES)]
      .filter(held)
      .map(({ subject, owner, reference, position, eventid }) => {
        return { subject, owner, reference, position, eventid };
      })
      .sort((a, b) => compareText(a.subject, b.subject)),
    reviews: [...rows.all(REVIEWS), ...rows.all(FORMER_REVIEWS)]
      .filter(held)
      .map(({ members, position, eventid, why, detail }) => ({ members, position, eventid, why, detail }))
      .sort((a, b) => compareText(a.members, b.members)),
  };
}

export function membership({ customers }: Resolution) {
  return customers.map(({ customer, members }) => [customer, ...members]);
}

/**
 * Rows that no undo may change: all but the records of decisions and what only they ever named. Since when a row is as
 * it is is history, which no undo takes back.
 */
export function untouched(rows: InMemoryRows, events: readonly TestEvent[]) {
  const shown = new Set(
    events.filter(isSighting).flatMap((event) => identifiersSeen(event).map((key) => key.subject)),
  );
  return {
    identifiers: rows
      .all(IDENTIFIERS)
      .filter((row) => shown.has(row.subject))
      .map(withoutSince),
    customers: rows.all(CUSTOMERS).filter((row) => shown.has(row.customer)),
    links: rows.all(LINKS),
    references: rows.all(REFERENCES),
    ties: rows.all(TIES).map(withoutSince),
    reviews: rows.all(REVIEWS).map(withoutSince),
  };
}

function withoutSince<Row extends { readonly since: number }>({ since: _, ...row }: Row): Omit<Row, 'since'> {
  return row;
}

export function isSighting(event: TestEvent): boolean {
  return event.touchpoint.type === 'touchline.note.added.v1';
}

/** Something the machine refused, or would have refused had it come in another order. */
export function hasConflict({ customers, refused }: Resolution, { decisions, undone }: History): boolean {
  const active = decisions.filter((decision) => !undone.has(decision.eventid));
  const bans = active.filter((decision) => decision.kind === 'nomerge').map((ban) => ban.parties);
  return (
    refused.length > 0 ||
    customers.some(({ members, owners }) => {
      const isBroken = bans.some((parties) => parties.every(({ subject }) => members.includes(subject)));
      return isBroken || members.filter((subject) => isAccount(subject)).length > owners.length;
    })
  );
}

export function isAccount(subject: string): boolean {
  return ACCOUNTS.some((account) => account.subject === subject);
}
