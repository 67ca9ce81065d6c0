import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { type Entry, eventKeyOf } from '../entry.ts';
import { entriesTable } from '../projections/entries.ts';
import { amendedEntry, FOUND_ENTRY, type FoundEntry, type ServedEntry, served } from './amended-entry.ts';
import { type AsOf, selectIdentifiers } from './as-of.ts';
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

/** `undefined` when there is none, or not yet. */
export async function entryById(
  snapshot: Snapshot,
  catalogue: Catalogue,
  eventid: string,
  request: CorrectionPageRequest,
): Promise<EntryWithCorrections | undefined> {
  const eventKey = eventKeyOf(eventid);
  const { asof } = request;
  const rows = await snapshot.all<FoundEntry & { subject: string }>(
    `SELECT ${FOUND_ENTRY}, e.subject FROM ${entriesTable.name} e WHERE e.eventKey = ?`,
    [eventKey],
  );
  for (const row of rows) {
    if (asof !== undefined && row.position > asof) continue;
    const recorded = JSON.parse(row.entry) as Entry;
    if (recorded.eventid !== eventid) continue; // the key is a part of the id
    const amended = await amendedEntry(snapshot, row, asof);
    const entry = amended === undefined ? recorded : await served(snapshot, amended, catalogue);
    return {
      ...entry,
      ...(await bearerOf(snapshot, row.subject, asof)),
      ...(amended?.standing.correction && { original: recorded.data }),
      corrections:
        amended === undefined
          ? { items: [] }
          : await correctionPage(snapshot, { eventid, eventKey }, request),
    };
  }
  return undefined;
}

async function bearerOf(
  snapshot: Snapshot,
  subject: string,
  asof: AsOf,
): Promise<Pick<EntryWithCorrections, 'customerid' | 'identifier'>> {
  const [row] = await selectIdentifiers<{ customer: string; value: string | null }>(snapshot, asof, {
    select: ({ from, value }) => `SELECT i.customer, ${value} AS value FROM ${from} WHERE i.subject = ?`,
    parameters: [subject],
  });
  return { customerid: row?.customer ?? subject, identifier: row?.value ?? null };
}
