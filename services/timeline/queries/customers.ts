import { LINKS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import { type AsOf, selectIdentifiers } from './as-of.ts';
import { type Figures, figuresOf } from './figures.ts';
import { lastNaming } from './naming.ts';

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
}

/** Id of the customer an id stands for; `undefined` when nobody ever had it, or not yet. */
export async function currentCustomer(
  snapshot: Snapshot,
  id: string,
  asof?: AsOf,
): Promise<string | undefined> {
  const [row] = await selectIdentifiers<{ customer: string }>(snapshot, asof, {
    select: ({ from }) => `SELECT i.customer FROM ${from} WHERE i.subject = ?`,
    parameters: [id],
  });
  return row?.customer;
}

/** The data subjects whose touchpoints make up the customer's timeline. */
export async function dataSubjectsOf(snapshot: Snapshot, customerid: string, asof?: AsOf): Promise<string[]> {
  const isTouched = asof === undefined ? 'IS NOT NULL' : '<= ?';
  const rows = await selectIdentifiers<{ subject: string }>(snapshot, asof, {
    select: ({ from, touchedSince }) =>
      `SELECT i.subject FROM ${from} WHERE i.customer = ? AND ${touchedSince} ${isTouched}`,
    parameters: asof === undefined ? [customerid] : [customerid, asof],
  });
  return rows.map((row) => row.subject);
}

/** Customers an identifier leads to: one, or several when it is shared. */
export async function customersBearing(snapshot: Snapshot, subject: string, asof?: AsOf): Promise<string[]> {
  const [row] = await selectIdentifiers<{
    customer: string;
    shared: string | null;
    touchedSince: number | null;
  }>(snapshot, asof, {
    select: ({ from, touchedSince }) =>
      `SELECT i.customer, i.shared, ${touchedSince} AS touchedSince FROM ${from} WHERE i.subject = ?`,
    parameters: [subject],
  });
  if (row === undefined) return [];
  if (row.shared === null) return [row.customer];
  const isTouched = row.touchedSince !== null && (asof === undefined || row.touchedSince <= asof);
  return [...new Set([...(isTouched ? [row.customer] : []), ...(await seenWith(snapshot, subject, asof))])];
}

export async function customer(
  snapshot: Snapshot,
  customerid: string,
  asof?: AsOf,
): Promise<Customer | undefined> {
  const members = await selectIdentifiers<Member>(snapshot, asof, {
    select: ({ from, value }) =>
      `SELECT i.subject, i.kind, ${value} AS value, i.shared FROM ${from} WHERE i.customer = ?`,
    parameters: [customerid],
    tail: ' ORDER BY subject',
  });
  if (members.length === 0) return undefined;
  const figures = await figuresOf(
    snapshot,
    members.map((member) => member.subject),
    asof,
  );
  const dataSubjects = figures.map(({ subject }) => subject);
  const candidates: string[] = [];
  for (const { subject, shared } of members)
    if (shared !== null) candidates.push(...(await seenWith(snapshot, subject, asof)));
  return {
    customerid,
    name: (await lastNaming(snapshot, dataSubjects, asof))?.name ?? null,
    identifiers: identifiersOf(members),
    first: timeOf(
      figures.map(({ firstAt }) => firstAt),
      Math.min,
    ),
    last: timeOf(
      figures.map(({ lastAt }) => lastAt),
      Math.max,
    ),
    counts: summed(figures),
    mergedfrom: dataSubjects.filter((subject) => subject !== customerid),
    candidates: [...new Set(candidates)].filter((candidate) => candidate !== customerid),
  };
}

/** Customers whose identifiers were seen on one touchpoint with this one. */
async function seenWith(snapshot: Snapshot, subject: string, asof: AsOf): Promise<string[]> {
  const proved = asof === undefined ? '' : ' AND mine.position <= ?';
  const rows = await selectIdentifiers<{ customer: string }>(snapshot, asof, {
    select: ({ from }) =>
      `SELECT DISTINCT i.customer FROM ${from}
       JOIN ${LINKS.name} other ON other.subject = i.subject
       JOIN ${LINKS.name} mine ON mine.members = other.members AND mine.subject <> other.subject
       WHERE mine.subject = ? AND i.shared IS NULL${proved}`,
    parameters: asof === undefined ? [subject] : [subject, asof],
    tail: ' ORDER BY customer LIMIT 100',
  });
  return rows.map((row) => row.customer);
}

function identifiersOf(members: readonly Member[]): Customer['identifiers'] {
  return members.flatMap(({ value, kind, shared }) =>
    value === null || kind === 'reference' ? [] : [{ identifier: value, kind, shared: shared !== null }],
  );
}

function timeOf(times: readonly number[], pick: (...times: number[]) => number): string | null {
  return times.length === 0 ? null : new Date(pick(...times)).toISOString();
}

function summed(figures: readonly Figures[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { counts } of figures)
    for (const [type, count] of Object.entries(counts)) sums[type] = (sums[type] ?? 0) + count;
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}
