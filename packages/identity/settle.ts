import type { Rows } from '@touchline/read-store';
import { compareText, isOlder } from './order.ts';
import { recompute } from './recompute.ts';
import { FROM_NOW_ON } from './remembering-rows.ts';
import { CUSTOMERS, type CustomerRow, IDENTIFIERS, type IdentifierRow, REVIEWS } from './tables.ts';

/** Identifiers that an event holds together. */
export interface Newcomers {
  /** Those with rows. */
  readonly known: readonly IdentifierRow[];
  /** Those without: they get their rows here. */
  readonly fresh: readonly IdentifierRow[];
}

/** The newest bond of the log. Stored already, as whole regions may be recomputed from the tables. */
export interface Proof {
  readonly key: string;
  readonly position: number;
  readonly eventid: string;
}

/** Applies the newest bond to the customers as they are, at the cost of the side that gets another id. */
export function settle(rows: Rows, { known, fresh }: Newcomers, proof: Proof): void {
  const stored = customersOf(rows, known);
  const sides = [...stored, ...fresh.map(aloneCustomer)];
  const refusedFor = commonOwners(sides);
  const isBanPossible = sides.filter((side) => side.barred === 1).length > 1;
  if (!isBanPossible && refusedFor.length === 0) {
    unite(rows, stored, fresh);
    return;
  }
  for (const row of fresh) settleAlone(rows, row);
  const { key: members, position, eventid } = proof;
  if (isBanPossible) recompute(rows, subjectsOf([...known, ...fresh]));
  else
    rows.put(REVIEWS, {
      members,
      position,
      eventid,
      why: 'accounts',
      detail: refusedFor,
      since: FROM_NOW_ON,
    });
}

export function settleAlone(rows: Rows, row: IdentifierRow): void {
  rows.put(IDENTIFIERS, row);
  rows.put(CUSTOMERS, aloneCustomer(row));
}

/** Gives the customer its older name after one of its data subjects turned out to be older. */
export function settleAge(
  rows: Rows,
  { subject, firstAt }: Pick<IdentifierRow, 'subject' | 'firstAt'>,
): void {
  const label = rows.get(IDENTIFIERS, subject)?.customer ?? subject;
  const customer = rows.get(CUSTOMERS, label);
  if (customer === undefined || !isOlder({ customer: subject, firstAt }, customer)) return;
  if (label !== subject) rename(rows, customer, subject);
  rows.put(CUSTOMERS, { ...customer, customer: subject, firstAt });
}

function subjectsOf(rows: readonly IdentifierRow[]): readonly string[] {
  return rows.map((row) => row.subject);
}

function aloneCustomer({ subject, owner, firstAt }: IdentifierRow): CustomerRow {
  return { customer: subject, firstAt, owners: owner === null ? [] : [owner], barred: 0, alone: 1 };
}

function customersOf(rows: Rows, known: readonly IdentifierRow[]): CustomerRow[] {
  const found: CustomerRow[] = [];
  for (const { customer } of known) {
    if (found.some((other) => other.customer === customer)) continue;
    const row = rows.get(CUSTOMERS, customer);
    if (row !== undefined) found.push(row);
  }
  return found;
}

function commonOwners(sides: readonly CustomerRow[]): string[] {
  const seen = new Set<string>();
  const common = new Set<string>();
  for (const { owners } of sides) for (const owner of owners) (seen.has(owner) ? common : seen).add(owner);
  return [...common].sort(compareText);
}

function unite(rows: Rows, stored: readonly CustomerRow[], fresh: readonly IdentifierRow[]): void {
  const sides = [...stored, ...fresh.map(aloneCustomer)];
  const oldest = sides.reduce((a, b) => (isOlder(b, a) ? b : a));
  if (sides.length === 1 && fresh.length === 0) return;
  for (const side of stored) if (side.customer !== oldest.customer) rename(rows, side, oldest.customer);
  for (const row of fresh) rows.put(IDENTIFIERS, { ...row, customer: oldest.customer });
  const owners = sides.flatMap((side) => side.owners);
  const isNewName = !stored.includes(oldest);
  if (!isNewName && oldest.alone === 0 && owners.length === oldest.owners.length && !gainsBan(oldest, sides))
    return;
  rows.put(CUSTOMERS, {
    customer: oldest.customer,
    firstAt: oldest.firstAt,
    owners: owners.sort(compareText),
    barred: Math.max(...sides.map((side) => side.barred)),
    alone: sides.length === 1 ? 1 : 0,
  });
}

function gainsBan(customer: CustomerRow, sides: readonly CustomerRow[]): boolean {
  return customer.barred === 0 && sides.some((side) => side.barred === 1);
}

/** A single identifier is found without asking for the whole customer. */
function rename(rows: Rows, customer: CustomerRow, name: string): void {
  const only = customer.alone === 1 ? rows.get(IDENTIFIERS, customer.customer) : undefined;
  const members = only === undefined ? rows.list(IDENTIFIERS, 'customer', customer.customer) : [only];
  for (const row of members) rows.put(IDENTIFIERS, { ...row, customer: name });
  rows.delete(CUSTOMERS, customer.customer);
}
