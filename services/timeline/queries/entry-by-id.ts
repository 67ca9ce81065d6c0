import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { type Entry, eventKeyOf } from '../entry.ts';
import { entriesTable } from '../projections/entries.ts';
import { amendedEntry, FOUND_ENTRY, type FoundEntry, type ServedEntry, served } from './amended-entry.ts';
import { type CorrectionPage, type CorrectionPageRequest, correctionPage } from './correction-page.ts';

export interface EntryWithCorrections extends ServedEntry {
  readonly customerid: string;
  /**
   * The identifier its data subject is named by, or the reference where no identifier was seen. `null` once it was erased.
   */
  readonly identifier: string | null;
  /** The body as it was first recorded; only where another one counts now. */
  readonly original?: object;
  readonly corrections: CorrectionPage;
}

export async function entryById(
  snapshot: Snapshot,
  catalogue: Catalogue,
  eventid: string,
  request: CorrectionPageRequest,
): Promise<EntryWithCorrections | undefined> {
  const eventKey = eventKeyOf(eventid);
  const rows = await snapshot.all<FoundEntry & { customer: string; value: string | null }>(
    `SELECT ${FOUND_ENTRY}, i.customer, i.value
     FROM ${entriesTable.name} e JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject WHERE e.eventKey = ?`,
    [eventKey],
  );
  for (const row of rows) {
    const recorded = JSON.parse(row.entry) as Entry;
    if (recorded.eventid !== eventid) continue; // the key is a part of the id
    const amended = await amendedEntry(snapshot, row);
    const entry = amended === undefined ? recorded : await served(snapshot, amended, catalogue);
    return {
      ...entry,
      customerid: row.customer,
      identifier: row.value,
      ...(amended?.standing.correction && { original: recorded.data }),
      corrections:
        amended === undefined
          ? { items: [] }
          : await correctionPage(snapshot, { eventid, eventKey }, request),
    };
  }
  return undefined;
}
