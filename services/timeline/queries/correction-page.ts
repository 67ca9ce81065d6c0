import type { Snapshot } from '@touchline/read-store';
import { type AmendmentRow, amendmentsTable } from '../projections/amendments.ts';
import { type ByWhom, byWhom } from './amended-entry.ts';
import type { AsOf } from './as-of.ts';

/** Place between two corrections of one entry. */
export interface CorrectionPlace {
  readonly happenedAt: number;
  readonly eventKey: number;
}

export interface CorrectionPageRequest {
  readonly after?: CorrectionPlace;
  /** At least 1. */
  readonly limit: number;
  readonly asof?: AsOf;
}

export interface Correction extends ByWhom {
  /** The body as it should have been, whole; `null` where it was erased. */
  readonly data: unknown;
}

export interface CorrectionPage {
  readonly items: readonly Correction[];
  /** Where the next page begins; absent at the end. */
  readonly next?: CorrectionPlace;
}

/** Characters of a page; the correction that passes it is the last. */
const MAX_PAGE_CHARACTERS = 1_000_000;
/** Corrections read in one go: each may be as large as a touchpoint. */
const CHUNK_ROWS = 4;

/** Corrections of one entry, the one made last first. May hold less than `limit` where they are large. */
export async function correctionPage(
  snapshot: Snapshot,
  entry: { readonly eventid: string; readonly eventKey: number },
  { after, limit, asof }: CorrectionPageRequest,
): Promise<CorrectionPage> {
  const items: Correction[] = [];
  let characters = 0;
  let place = after;
  for (;;) {
    const rows = await corrections(snapshot, entry, place, asof);
    for (const row of rows) {
      const isFull = items.length === limit || characters > MAX_PAGE_CHARACTERS;
      if (isFull && place !== undefined) return { items, next: place };
      items.push({ ...byWhom(row), data: row.replacement === null ? null : JSON.parse(row.replacement) });
      characters += row.replacement?.length ?? 0;
      place = { happenedAt: row.happenedAt, eventKey: row.eventKey };
    }
    if (rows.length < CHUNK_ROWS) return { items };
  }
}

function corrections(
  snapshot: Snapshot,
  { eventid, eventKey }: { readonly eventid: string; readonly eventKey: number },
  after: CorrectionPlace | undefined,
  asof: AsOf,
): Promise<AmendmentRow[]> {
  const known = asof === undefined ? '' : ' AND position <= ?';
  const where = known + (after === undefined ? '' : ' AND (happenedAt, eventKey) < (?, ?)');
  const parameters = [
    ...(asof === undefined ? [] : [asof]),
    ...(after === undefined ? [] : [after.happenedAt, after.eventKey]),
  ];
  return snapshot.all<AmendmentRow>(
    `SELECT position, happenedAt, eventKey, eventid, time, amendedBy, reason, replacement FROM ${amendmentsTable.name}
     WHERE targetKey = ? AND kind = 'correction' AND target = ?${where} ORDER BY happenedAt DESC, eventKey DESC LIMIT ?`,
    [eventKey, eventid, ...parameters, CHUNK_ROWS],
  );
}
