import type { Catalogue, Touchpoint } from '@touchline/touchpoints';
import type { Amendment } from '../projections/amendments.ts';

/** An entry's row with what was said about it since; JSON as text. */
export interface FoundEntry {
  readonly position: number;
  readonly happenedAt: number;
  readonly eventKey: number;
  readonly entry: string;
  readonly corrections: string | null;
  readonly retraction: string | null;
}

/** Amendments cannot be amended: to restore what was retracted, record it again (xAPI 1.0.3, section 2.3.2). */
const RECORD_TYPE = '"type":"touchline.record.';

export function isRetracted(row: FoundEntry): boolean {
  return row.retraction !== null && !row.entry.includes(RECORD_TYPE);
}

/**
 * The entry as it is served: nearly always the text as it lies in the row. A correction replaces the body, and the body as it was
 * first recorded stays beside it.
 */
export function amend(row: FoundEntry, catalogue: Catalogue): string {
  if (row.corrections === null || row.entry.includes(RECORD_TYPE)) return row.entry;
  const entry = JSON.parse(row.entry) as Touchpoint;
  const corrections = JSON.parse(row.corrections) as Amendment[];
  const retraction = row.retraction === null ? undefined : (JSON.parse(row.retraction) as Amendment);
  const last = corrections.at(-1);
  return JSON.stringify({
    ...entry,
    ...(last?.replacement && corrected(entry, last, catalogue)),
    ...(retraction && { retracted: byWhom(retraction) }),
  });
}

function corrected(entry: Touchpoint, correction: Amendment, catalogue: Catalogue): object {
  const data = correction.replacement as Touchpoint['data'];
  return {
    data,
    about: data.about ?? [],
    description: data.description,
    reason: data.reason,
    title: catalogue.describe({ ...entry, data }),
    corrected: { ...byWhom(correction), original: entry.data },
  };
}

function byWhom({ eventid, position, time, by, reason }: Amendment): object {
  return { eventid, position: String(position), time, by, reason };
}
