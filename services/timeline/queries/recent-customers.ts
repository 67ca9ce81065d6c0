import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import { entriesTable } from '../projections/entries.ts';

/** Newest entries looked at for each customer wanted. */
const ENTRIES_PER_CUSTOMER = 20;

/** Ids of the customers whose touchpoints were recorded last, the latest first. */
export async function recentCustomers(snapshot: Snapshot, limit: number): Promise<string[]> {
  const rows = await snapshot.all<{ customer: string }>(
    `SELECT i.customer FROM (SELECT position, subject FROM ${entriesTable.name} ORDER BY position DESC LIMIT ?) e
     JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject ORDER BY e.position DESC`,
    [limit * ENTRIES_PER_CUSTOMER],
  );
  return [...new Set(rows.map((row) => row.customer))].slice(0, limit);
}
