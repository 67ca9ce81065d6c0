import { CUSTOMERS, IDENTIFIERS, LINKS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import { dataSubjectsTable } from '../projections/data-subjects.ts';

export interface Customer {
  readonly customerid: string;
  readonly name: string | null;
  readonly identifiers: readonly {
    readonly identifier: string;
    readonly kind: string;
    readonly shared: boolean;
  }[];
  /** Times of the first and the last touchpoint, RFC 3339 in UTC. */
  readonly first: string | null;
  readonly last: string | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Ids that now answer with this customer. */
  readonly mergedfrom: readonly string[];
  /** Customers this one may be, where it bears only shared identifiers. */
  readonly candidates: readonly string[];
}

interface Member {
  readonly subject: string;
  readonly kind: string;
  readonly value: string | null;
  readonly shared: string | null;
  readonly counts: string | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly name: string | null;
  readonly namedAt: number | null;
  readonly namedKey: number | null;
}

/** Id of the customer an id stands for now; `undefined` when nobody ever had it. */
export async function currentCustomer(snapshot: Snapshot, id: string): Promise<string | undefined> {
  const [row] = await snapshot.all<{ customer: string }>(
    `SELECT customer FROM ${IDENTIFIERS.name} WHERE subject = ?`,
    [id],
  );
  return row?.customer;
}

/** The data subjects whose touchpoints make up the customer's timeline. */
export async function dataSubjectsOf(snapshot: Snapshot, customerid: string): Promise<string[]> {
  const rows = await snapshot.all<{ subject: string }>(
    `SELECT subject FROM ${IDENTIFIERS.name} WHERE customer = ? AND firstAt IS NOT NULL`,
    [customerid],
  );
  return rows.map((row) => row.subject);
}

/** Customers an identifier leads to: one, or several when it is shared. */
export async function customersBearing(snapshot: Snapshot, subject: string): Promise<string[]> {
  const [row] = await snapshot.all<{ customer: string; shared: string | null; firstAt: number | null }>(
    `SELECT customer, shared, firstAt FROM ${IDENTIFIERS.name} WHERE subject = ?`,
    [subject],
  );
  if (row === undefined) return [];
  if (row.shared === null) return [row.customer];
  const own = row.firstAt === null ? [] : [row.customer];
  return [...new Set([...own, ...(await seenWith(snapshot, subject))])];
}

export async function customer(snapshot: Snapshot, customerid: string): Promise<Customer | undefined> {
  const members = await snapshot.all<Member>(
    `SELECT i.subject, i.kind, i.value, i.shared, d.counts, d.firstAt, d.lastAt, d.name, d.namedAt, d.namedKey
     FROM ${IDENTIFIERS.name} i LEFT JOIN ${dataSubjectsTable.name} d ON d.subject = i.subject
     WHERE i.customer = ? ORDER BY i.subject`,
    [customerid],
  );
  if (members.length === 0) return undefined;
  const shared = members.filter((member) => member.shared !== null);
  const candidates = await Promise.all(shared.map((member) => seenWith(snapshot, member.subject)));
  return {
    customerid,
    name: latestName(members),
    identifiers: identifiersOf(members),
    first: timeOf(
      members.map((member) => member.firstAt),
      Math.min,
    ),
    last: timeOf(
      members.map((member) => member.lastAt),
      Math.max,
    ),
    counts: summed(members),
    mergedfrom: members
      .filter(hasTouchpoints)
      .map((m) => m.subject)
      .filter((subject) => subject !== customerid),
    candidates: [...new Set(candidates.flat())].filter((candidate) => candidate !== customerid),
  };
}

/** Customers whose identifiers were seen on one touchpoint with this one. */
async function seenWith(snapshot: Snapshot, subject: string): Promise<string[]> {
  const rows = await snapshot.all<{ customer: string }>(
    `SELECT DISTINCT i.customer FROM ${LINKS.name} mine
     JOIN ${LINKS.name} other ON other.members = mine.members AND other.subject <> mine.subject
     JOIN ${IDENTIFIERS.name} i ON i.subject = other.subject AND i.shared IS NULL
     JOIN ${CUSTOMERS.name} c ON c.customer = i.customer
     WHERE mine.subject = ? ORDER BY i.customer LIMIT 100`,
    [subject],
  );
  return rows.map((row) => row.customer);
}

function identifiersOf(members: readonly Member[]): Customer['identifiers'] {
  return members.flatMap(({ value, kind, shared }) =>
    value === null || kind === 'reference' ? [] : [{ identifier: value, kind, shared: shared !== null }],
  );
}

function hasTouchpoints(member: Member): boolean {
  return member.counts !== null;
}

function latestName(members: readonly Member[]): string | null {
  const named = members.filter((member) => member.name !== null);
  named.sort((a, b) => (b.namedAt ?? 0) - (a.namedAt ?? 0) || (b.namedKey ?? 0) - (a.namedKey ?? 0));
  return named[0]?.name ?? null;
}

function timeOf(times: readonly (number | null)[], pick: (...times: number[]) => number): string | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : new Date(pick(...known)).toISOString();
}

function summed(members: readonly Member[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const member of members)
    for (const [type, count] of Object.entries(JSON.parse(member.counts ?? '{}') as Record<string, number>))
      counts[type] = (counts[type] ?? 0) + count;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
