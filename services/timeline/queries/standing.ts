import type { Snapshot } from '@touchline/read-store';
import { type AmendmentKind, type AmendmentRow, amendmentsTable } from '../projections/amendments.ts';
import type { AsOf } from './as-of.ts';

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

/** Two look-ups in an index, however often the entry was amended; as of a position, what came later is passed over. */
export async function standingOf(
  snapshot: Snapshot,
  entry: { readonly eventid: string; readonly eventKey: number },
  asof?: AsOf,
): Promise<Standing> {
  const correction = await outermost(snapshot, entry, 'correction', asof);
  const retraction = await outermost(snapshot, entry, 'retraction', asof);
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
  asof: AsOf,
): Promise<AmendmentHead | undefined> {
  const direction = kind === 'correction' ? 'DESC' : 'ASC';
  const known = asof === undefined ? '' : ' AND position <= ?';
  // The key is only a part of the id, so both are asked for.
  const [row] = await snapshot.all<AmendmentHead>(
    `SELECT ${HEAD} FROM ${amendmentsTable.name} WHERE targetKey = ? AND kind = ? AND target = ?${known}
     ORDER BY happenedAt ${direction}, eventKey ${direction} LIMIT 1`,
    [eventKey, kind, eventid, ...(asof === undefined ? [] : [asof])],
  );
  return row;
}
