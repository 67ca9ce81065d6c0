import { FORMER_IDENTIFIERS, IDENTIFIERS } from '@touchline/identity';
import { parkedTable, parkingTable, type Snapshot } from '@touchline/read-store';

/** Data subjects listed for one customer; one with more is a shared device, not a person. */
const MAX_SUBJECTS = 10_000;

/** Who a customer is made of as of the snapshot, told because it changed. */
export interface ChangedCustomer {
  readonly customerid: string;
  /** Ids of its data subjects and of identifiers without touchpoints of their own, sorted; empty when superseded. */
  readonly subjects: readonly string[];
  /** The customer that `customerid` stands for now. */
  readonly supersededby?: string;
  /** There are more data subjects than are listed. */
  readonly more?: true;
  /** Of its last change. */
  readonly position: string;
}

export interface CustomerChanges {
  readonly items: readonly ChangedCustomer[];
  /** Every change up to here is in this page or in one before; never in the middle of a position. */
  readonly through: number;
  /** Whether the read model holds changes after `through`. */
  readonly hasNext: boolean;
  /** Before it nothing is held back: parked events that are folded later change customers at positions after it. */
  readonly settled: number;
  readonly parked: number;
}

/**
 * Customers whose composition changed after a position, in the order of their last changes. A page holds about `limit`
 * changes: all of the last position it comes to.
 */
export async function customerChanges(
  snapshot: Snapshot,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<CustomerChanges> {
  const end = Number(snapshot.position);
  const ends = [
    await endOfPage(snapshot, `${IDENTIFIERS.name} WHERE since`, 'since', after, limit),
    await endOfPage(snapshot, `${FORMER_IDENTIFIERS.name} WHERE until`, 'until', after, limit),
  ];
  const through = Math.max(after, Math.min(end, ...ends));
  const items: ChangedCustomer[] = [];
  for (const id of await changedIds(snapshot, after, through)) items.push(await changed(snapshot, id));
  items.sort((a, b) => Number(a.position) - Number(b.position) || (a.customerid < b.customerid ? -1 : 1));
  return { items, through, hasNext: through < end, ...(await waiting(snapshot, end)) };
}

/** Position of the change that fills a page; infinite where there are not so many. */
async function endOfPage(
  snapshot: Snapshot,
  from: string,
  column: string,
  after: number,
  limit: number,
): Promise<number> {
  const [row] = await snapshot.all<{ position: number }>(
    `SELECT ${column} AS position FROM ${from} > ? ORDER BY ${column} LIMIT 1 OFFSET ?`,
    [after, limit - 1],
  );
  return row?.position ?? Number.POSITIVE_INFINITY;
}

/** Customers that gained or lost an identifier, and former customers that stand for another one now. */
async function changedIds(snapshot: Snapshot, after: number, through: number): Promise<readonly string[]> {
  const rows = await snapshot.all<{ customer: string }>(
    `SELECT i.customer FROM ${IDENTIFIERS.name} i WHERE i.since > ? AND i.since <= ?
     UNION SELECT f.customer FROM ${FORMER_IDENTIFIERS.name} f WHERE f.until > ? AND f.until <= ?
     UNION SELECT i.subject FROM ${IDENTIFIERS.name} i WHERE i.since > ? AND i.since <= ? AND i.customer <> i.subject
       AND EXISTS (SELECT 1 FROM ${FORMER_IDENTIFIERS.name} f WHERE f.customer = i.subject)`,
    [after, through, after, through, after, through],
  );
  return rows.map(({ customer }) => customer);
}

async function changed(snapshot: Snapshot, customerid: string): Promise<ChangedCustomer> {
  const lost = await lastLoss(snapshot, customerid);
  const [own] = await snapshot.all<{ customer: string; since: number }>(
    `SELECT customer, since FROM ${IDENTIFIERS.name} WHERE subject = ?`,
    [customerid],
  );
  if (own !== undefined && own.customer !== customerid)
    return {
      customerid,
      subjects: [],
      supersededby: own.customer,
      position: String(Math.max(own.since, lost)),
    };
  const members = await membersOf(snapshot, customerid);
  return {
    customerid,
    subjects: members.slice(0, MAX_SUBJECTS).map(({ subject }) => subject),
    ...(members.length > MAX_SUBJECTS ? { more: true } : {}),
    position: String(members.reduce((last, { since }) => Math.max(last, since), lost)),
  };
}

/** Identifiers of a customer as it is now, by id; one more than are ever listed. */
export function membersOf(
  snapshot: Snapshot,
  customerid: string,
): Promise<{ subject: string; since: number }[]> {
  return snapshot.all(
    `SELECT subject, since FROM ${IDENTIFIERS.name} WHERE customer = ? ORDER BY subject LIMIT ?`,
    [customerid, MAX_SUBJECTS + 1],
  );
}

async function lastLoss(snapshot: Snapshot, customerid: string): Promise<number> {
  const [row] = await snapshot.all<{ position: number | null }>(
    `SELECT MAX(until) AS position FROM ${FORMER_IDENTIFIERS.name} WHERE customer = ?`,
    [customerid],
  );
  return row?.position ?? 0;
}

async function waiting(snapshot: Snapshot, end: number): Promise<{ settled: number; parked: number }> {
  const [parking] = await snapshot.all<{ events: number }>(
    `SELECT events FROM ${parkingTable.name} WHERE list = 'parked'`,
  );
  if (parking === undefined || parking.events === 0) return { settled: end, parked: 0 };
  const [first] = await snapshot.all<{ position: number | null }>(
    `SELECT MIN(position) AS position FROM ${parkedTable.name} WHERE list = 'parked'`,
  );
  return { settled: (first?.position ?? end + 1) - 1, parked: parking.events };
}
