import type { Rows } from '@touchline/read-store';
import { linkBond, tieBond } from './bonds.ts';
import { membersKey } from './order.ts';
import { type Bond, type Customer, partition, type Refusal } from './partition.ts';
import { type Region, regionAround } from './region.ts';
import { FROM_NOW_ON } from './remembering-rows.ts';
import { type PairDecision, rule } from './ruling.ts';
import {
  CUSTOMERS,
  type CustomerRow,
  type DecisionRow,
  IDENTIFIERS,
  REVIEWS,
  type ReviewRow,
} from './tables.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Resolves the region around `seeds` anew and writes the rows that differ. `opened`: identifiers that became shared,
 * or ceased to be, with this event; their links belong to the region either way.
 */
export function recompute(rows: Rows, seeds: Iterable<string>, opened = NONE): void {
  const region = regionAround(rows, seeds, opened);
  const { merges, bans } = rule([...region.decisions.values()].flatMap(pairDecision));
  const links = [...region.links.values()].flatMap(({ members: key, position, eventid }) =>
    linkBond({ key, position, eventid }, region.shared),
  );
  const ties = [...region.ties.values()].map(tieBond);
  const { customers, refused } = partition(region.identifiers.values(), [...links, ...ties, ...merges], bans);
  writeCustomers(rows, region, customers);
  writeReviews(rows, region, refused);
}

function pairDecision({ kind, party, otherParty, position, eventid }: DecisionRow): PairDecision[] {
  if (kind === 'shared' || otherParty === null) return [];
  return [{ kind, parties: [party, otherParty], position, eventid }];
}

function writeCustomers(rows: Rows, { identifiers }: Region, customers: readonly Customer[]): void {
  const gone = new Set([...identifiers.values()].map((row) => row.customer));
  for (const customer of customers) {
    gone.delete(customer.customer);
    for (const member of customer.members) {
      const row = identifiers.get(member);
      if (row !== undefined && row.customer !== customer.customer)
        rows.put(IDENTIFIERS, { ...row, customer: customer.customer });
    }
    const before = rows.get(CUSTOMERS, customer.customer);
    const after = customerRow(customer);
    if (before === undefined || !isSameCustomer(before, after)) rows.put(CUSTOMERS, after);
  }
  for (const name of gone) if (rows.get(CUSTOMERS, name) !== undefined) rows.delete(CUSTOMERS, name);
}

function customerRow({ customer, firstAt, owners, barred, members }: Customer): CustomerRow {
  return { customer, firstAt, owners, barred: barred ? 1 : 0, alone: members.length === 1 ? 1 : 0 };
}

function isSameCustomer(a: CustomerRow, b: CustomerRow): boolean {
  return (
    a.firstAt === b.firstAt && a.barred === b.barred && a.alone === b.alone && isSameList(a.owners, b.owners)
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}

function writeReviews(rows: Rows, { links, ties }: Region, refused: readonly Refusal[]): void {
  const stays = new Map(refused.map((refusal) => [refusal.bond.key, refusal]));
  const tieKeys = [...ties.values()].map(({ subject, owner }) => membersKey([subject, owner]));
  for (const members of [...links.keys(), ...tieKeys]) {
    const before = rows.get(REVIEWS, members);
    const refusal = stays.get(members);
    if (refusal === undefined) {
      if (before !== undefined) rows.delete(REVIEWS, members);
      continue;
    }
    const after = reviewRow(refusal.bond, refusal);
    if (before === undefined || !isSameReview(before, after)) rows.put(REVIEWS, after);
  }
}

function reviewRow({ key: members, position, eventid }: Bond, { why, detail }: Refusal): ReviewRow {
  return { members, position, eventid, why, detail, since: FROM_NOW_ON };
}

function isSameReview(a: ReviewRow, b: ReviewRow): boolean {
  return (
    a.eventid === b.eventid && a.position === b.position && a.why === b.why && isSameList(a.detail, b.detail)
  );
}
