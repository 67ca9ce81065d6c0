import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import { amendmentsTable } from '../projections/amendments.ts';
import { entriesTable } from '../projections/entries.ts';

/** An entry of a customer that reads differently since: it was recorded, or something was said about it. */
export interface Touched {
  /** Position of the event that did it. */
  readonly at: number;
  /** Of the entry. */
  readonly position: number;
}

/** Up to here it is cheaper to look at every new event of the log than at every old entry of the customer. */
const MAX_LOG_SCAN = 2_000;

/** In the order of the log; of one event first the entry it amends, then its own. */
export function touchedSince(
  snapshot: Snapshot,
  customerid: string,
  after: bigint,
  limit: number,
): Promise<Touched[]> {
  const isNear = snapshot.position - after <= BigInt(MAX_LOG_SCAN);
  const since = Number(after);
  return snapshot.all<Touched>(isNear ? IN_LOG : OF_CUSTOMER, [since, customerid, since, customerid, limit]);
}

const ORDER = 'ORDER BY at, position LIMIT ?';

const IN_LOG = `SELECT e.position AS at, e.position AS position FROM ${entriesTable.name} e
  JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject WHERE e.position > ? AND i.customer = ?
 UNION ALL SELECT a.position AS at, e.position AS position FROM ${amendmentsTable.name} a
  JOIN ${entriesTable.name} e ON e.eventKey = a.targetKey AND e.position < a.position
  JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject WHERE a.position > ? AND i.customer = ?
 ${ORDER}`;

/** Answered from the index of the customer's entries alone: asking by position would walk the whole log. */
const OF_CUSTOMER = `SELECT e.position AS at, e.position AS position FROM ${entriesTable.name} e
  WHERE e.position > ? AND e.subject IN (SELECT i.subject FROM ${IDENTIFIERS.name} i WHERE i.customer = ?)
 UNION ALL SELECT a.position AS at, e.position AS position FROM ${entriesTable.name} e
  JOIN ${amendmentsTable.name} a ON a.targetKey = e.eventKey AND a.position > e.position
  WHERE a.position > ? AND e.subject IN (SELECT i.subject FROM ${IDENTIFIERS.name} i WHERE i.customer = ?)
 ${ORDER}`;
