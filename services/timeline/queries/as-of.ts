import { FORMER_IDENTIFIERS, IDENTIFIERS } from '@touchline/identity';
import type { Snapshot, SqlValue } from '@touchline/read-store';
import type { Entry } from '../entry.ts';
import { entriesTable } from '../projections/entries.ts';

/** The last position that counts: what was recorded after it is not known yet. `undefined`: all that is known now. */
export type AsOf = number | undefined;

/** Where identifiers are read from: as they are, or as they were. */
export interface IdentifierSource {
  /** Tables, with the identifier as `i`. */
  readonly from: string;
  readonly value: string;
  readonly touchedSince: string;
}

const AS_THEY_ARE: IdentifierSource = {
  from: `${IDENTIFIERS.name} i`,
  value: 'i.value',
  touchedSince: 'i.touchedSince',
};

const AS_THEY_WERE: IdentifierSource = {
  from: `${FORMER_IDENTIFIERS.name} i JOIN ${IDENTIFIERS.name} known ON known.subject = i.subject`,
  value: 'CASE WHEN i.readable = 1 THEN known.value END',
  touchedSince: 'known.touchedSince',
};

export interface IdentifierQuestion {
  /** A SELECT that ends within its WHERE clause. Used once for each source; equal rows are answered once. */
  readonly select: (source: IdentifierSource) => string;
  readonly parameters: readonly SqlValue[];
  /** ORDER BY and LIMIT over the whole. */
  readonly tail?: string;
}

/** Rows over identifiers as they were known as of a position. */
export function selectIdentifiers<Row extends object>(
  snapshot: Snapshot,
  asof: AsOf,
  { select, parameters, tail = '' }: IdentifierQuestion,
): Promise<Row[]> {
  if (asof === undefined) return snapshot.all<Row>(select(AS_THEY_ARE) + tail, parameters);
  return snapshot.all<Row>(
    `${select(AS_THEY_ARE)} AND i.since <= ?
     UNION ${select(AS_THEY_WERE)} AND i.since <= ? AND i.until > ?${tail}`,
    [...parameters, asof, ...parameters, asof, asof],
  );
}

/**
 * The last position recorded at or before a time, milliseconds since the epoch: 0 before the first, and the snapshot's own
 * where nothing later is recorded yet. The log never records an earlier time after a later one, so halving finds it.
 */
export async function lastRecordedBy(snapshot: Snapshot, time: number): Promise<number> {
  const head = Number(snapshot.position);
  let [low, high, found] = [0, head, 0];
  for (let middle = high; low < high; middle = Math.ceil((low + high) / 2)) {
    const last = await lastEntry(snapshot, middle);
    if (last === undefined || last.position <= low) low = middle;
    else if (last.recordedAt > time) high = last.position - 1;
    else if (middle === head) return head;
    else {
      low = middle;
      found = last.position;
    }
  }
  return found;
}

async function lastEntry(
  snapshot: Snapshot,
  upTo: number,
): Promise<{ position: number; recordedAt: number } | undefined> {
  const [row] = await snapshot.all<{ position: number; entry: string }>(
    `SELECT position, entry FROM ${entriesTable.name} WHERE position <= ? ORDER BY position DESC LIMIT 1`,
    [upTo],
  );
  if (row === undefined) return undefined;
  const { recordedtime } = JSON.parse(row.entry) as Entry;
  return { position: row.position, recordedAt: Date.parse(recordedtime) };
}
