import type { Snapshot } from '@touchline/read-store';
import { type AmendmentKind, type AmendmentRow, amendmentsTable } from '../projections/amendments.ts';

/** What was said about an entry since it was recorded, as far as it counts. */
export interface Standing {
  /** The correction made last, by its own time; ties do not depend on the order of arrival. */
  readonly correction?: AmendmentHead;
  /** The retraction made first. Nothing brings the entry back: what was retracted is recorded again. */
  readonly retraction?: AmendmentHead;
}

/** An amendment without the body it brings, which may be large. */
export type AmendmentHead = Omit<AmendmentRow, 'kind' | 'target' | 'targetKey' | 'replacement' | 'words'>;

const HEAD = 'position, happenedAt, eventKey, eventid, time, amendedBy, reason';

/** Two look-ups in an index, however often the entry was amended. */
export async function standingOf(
  snapshot: Snapshot,
  entry: { readonly eventid: string; readonly eventKey: number },
): Promise<Standing> {
  const correction = await outermost(snapshot, entry, 'correction', 'DESC');
  const retraction = await outermost(snapshot, entry, 'retraction', 'ASC');
  return { ...(correction && { correction }), ...(retraction && { retraction }) };
}

/** The body a correction brings; `undefined` where it was erased. */
export async function replacementAt(
  snapshot: Snapshot,
  position: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [row] = await snapshot.all<{ replacement: string | null }>(
    `SELECT replacement FROM ${amendmentsTable.name} WHERE position = ?`,
    [position],
  );
  return row?.replacement ? JSON.parse(row.replacement) : undefined;
}

async function outermost(
  snapshot: Snapshot,
  { eventid, eventKey }: { readonly eventid: string; readonly eventKey: number },
  kind: AmendmentKind,
  direction: 'ASC' | 'DESC',
): Promise<AmendmentHead | undefined> {
  // The key is only a part of the id, so both are asked for.
  const [row] = await snapshot.all<AmendmentHead>(
    `SELECT ${HEAD} FROM ${amendmentsTable.name} WHERE targetKey = ? AND kind = ? AND target = ?
     ORDER BY happenedAt ${direction}, eventKey ${direction} LIMIT 1`,
    [eventKey, kind, eventid],
  );
  return row;
}
