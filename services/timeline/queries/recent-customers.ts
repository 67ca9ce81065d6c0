import type { Snapshot } from '@touchline/read-store';
import { entriesTable } from '../projections/entries.ts';
import type { AsOf } from './as-of.ts';
import { currentCustomer } from './customers.ts';

/** Newest entries looked at for each customer wanted. */
const ENTRIES_PER_CUSTOMER = 20;

/** Ids of the customers whose touchpoints were recorded last, the latest first. */
export async function recentCustomers(snapshot: Snapshot, limit: number, asof?: AsOf): Promise<string[]> {
  const rows = await snapshot.all<{ subject: string }>(
    `SELECT subject FROM ${entriesTable.name} WHERE position <= ? ORDER BY position DESC LIMIT ?`,
    [asof ?? Number(snapshot.position), limit * ENTRIES_PER_CUSTOMER],
  );
  const customers = new Set<string>();
  for (const subject of new Set(rows.map((row) => row.subject))) {
    const id = await currentCustomer(snapshot, subject, asof);
    if (id !== undefined) customers.add(id);
    if (customers.size === limit) break;
  }
  return [...customers];
}
