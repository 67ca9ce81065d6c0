import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { type Entry, eventKeyOf } from '../entry.ts';
import type { Amendment } from '../projections/amendments.ts';
import { entriesTable } from '../projections/entries.ts';
import { amend, type FoundEntry } from './amended-entry.ts';

export interface EntryWithCorrections extends Entry {
  readonly customerid: string;
  /** Every correction in the order of their times; the last one counts. */
  readonly corrections: readonly Amendment[];
}

export async function entryById(
  snapshot: Snapshot,
  catalogue: Catalogue,
  eventid: string,
): Promise<EntryWithCorrections | undefined> {
  const rows = await snapshot.all<FoundEntry & { customer: string }>(
    `SELECT e.position, e.happenedAt AS happenedAt, e.eventKey AS eventKey, e.entry, a.corrections, a.retraction, i.customer
     FROM ${entriesTable.name} e LEFT JOIN amended a ON a.eventKey = e.eventKey
     JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject WHERE e.eventKey = ?`,
    [eventKeyOf(eventid)],
  );
  for (const row of rows) {
    const entry = JSON.parse(amend(row, catalogue)) as Entry;
    if (entry.eventid !== eventid) continue; // the key is a part of the id
    const corrections = JSON.parse(row.corrections ?? '[]') as Amendment[];
    return { ...entry, customerid: row.customer, corrections };
  }
  return undefined;
}
