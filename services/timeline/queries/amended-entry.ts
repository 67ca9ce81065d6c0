import type { Snapshot } from '@touchline/read-store';
import { type Body, type Catalogue, isAmendable } from '@touchline/touchpoints';
import { type Entry, withBody } from '../entry.ts';
import { amendmentsTable } from '../projections/amendments.ts';
import type { AsOf } from './as-of.ts';
import { type AmendmentHead, replacementAt, type Standing, standingOf } from './standing.ts';

/** Where an entry lies, in the log and in a timeline: found in an index, without a look at the entry. */
export interface FoundPlace {
  readonly position: number;
  readonly happenedAt: number;
  readonly eventKey: number;
  /** Position of any amendment of it; null, as nearly always, where there is none. */
  readonly amended: number | null;
}

/** An entry's row. */
export interface FoundEntry extends FoundPlace {
  readonly type: string;
  readonly channel: string;
  /** JSON as text. */
  readonly entry: string;
}

const ANY_AMENDMENT = `FROM ${amendmentsTable.name} a WHERE a.targetKey = e.eventKey`;

/** Columns of `FoundPlace`; the table of entries goes by `e`. */
export const FOUND_PLACE = `e.position, e.happenedAt AS happenedAt, e.eventKey AS eventKey,
 (SELECT a.position ${ANY_AMENDMENT} LIMIT 1) AS amended`;

/** Columns of `FoundEntry`. */
export const FOUND_ENTRY = `${FOUND_PLACE}, e.type, e.channel, e.entry`;

export const IS_AMENDED = `EXISTS (SELECT 1 ${ANY_AMENDMENT})`;

/** How an amended entry stands: what was said about it, and the row it was said about. */
export interface AmendedEntry {
  readonly entry: Entry;
  readonly standing: Standing;
}

/** `undefined` for what nobody amended, or not yet, or nobody may. */
export async function amendedEntry(
  snapshot: Snapshot,
  row: FoundEntry,
  asof?: AsOf,
): Promise<AmendedEntry | undefined> {
  if (row.amended === null || !isAmendable(row.type)) return undefined;
  const entry = JSON.parse(row.entry) as Entry;
  const standing = await standingOf(snapshot, { eventid: entry.eventid, eventKey: row.eventKey }, asof);
  return standing.correction || standing.retraction ? { entry, standing } : undefined;
}

/** Amendment as it is answered beside the entry it speaks of. */
export interface ByWhom {
  readonly eventid: string;
  readonly position: string;
  readonly time: string;
  readonly by: string | null;
  readonly reason: string | null;
}

export interface ServedEntry extends Entry {
  readonly corrected?: ByWhom;
  readonly retracted?: ByWhom;
}

/** The entry as it is served: in the version that counts. The body as it was first recorded stays in its row. */
export async function served(
  snapshot: Snapshot,
  { entry, standing }: AmendedEntry,
  catalogue: Catalogue,
): Promise<ServedEntry> {
  const { correction, retraction } = standing;
  const data = correction && (await replacementAt(snapshot, correction.position));
  return {
    ...(data === undefined ? entry : corrected(entry, data as Body, catalogue)),
    ...(correction && { corrected: byWhom(correction) }),
    ...(retraction && { retracted: byWhom(retraction) }),
  };
}

export function byWhom({ eventid, position, time, amendedBy, reason }: AmendmentHead): ByWhom {
  return { eventid, position: String(position), time, by: amendedBy, reason };
}

/**
 * A correction is held against no type when it is recorded from elsewhere: it may come before what it corrects. One that
 * does not fit shows its data and, outside of it, what the entry showed before.
 */
function corrected(entry: Entry, data: Body, catalogue: Catalogue): Entry {
  const fits = catalogue.parseBody(entry.type, data);
  return fits.ok ? withBody(entry, fits.body, catalogue) : { ...entry, data };
}
