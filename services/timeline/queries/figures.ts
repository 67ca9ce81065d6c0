import type { Snapshot } from '@touchline/read-store';
import type { Entry } from '../entry.ts';
import { type DataSubjectRow, dataSubjectsTable } from '../projections/data-subjects.ts';
import { entriesTable } from '../projections/entries.ts';
import type { AsOf } from './as-of.ts';

/** What the touchpoints of one data subject add up to. */
export interface Figures
  extends Pick<DataSubjectRow, 'counts' | 'firstAt' | 'lastAt' | 'name' | 'namedAt' | 'namedKey'> {
  readonly subject: string;
}

/** Entries counted again for one answer as of a position. Beyond, counting would hold up everybody else. */
export const MAX_ENTRIES_COUNTED = 50_000;

/** Entries looked at in one go for the name that was given last. */
const ENTRIES_PER_LOOK = 100;

/** There are more entries than are counted for one answer. */
export class TooManyEntries extends Error {
  override readonly name = 'TooManyEntries';
}

/**
 * Figures of data subjects that have touchpoints. Those of now are kept; as of a position they are counted from the
 * entries. Throws `TooManyEntries` where that would be more than `MAX_ENTRIES_COUNTED`.
 */
export async function figuresOf(
  snapshot: Snapshot,
  subjects: readonly string[],
  asof: AsOf,
): Promise<readonly Figures[]> {
  const kept: Figures[] = [];
  for (const subject of subjects) kept.push(...(await keptFigures(snapshot, subject)));
  if (asof === undefined) return kept;
  const entries = kept.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);
  if (entries > MAX_ENTRIES_COUNTED) throw new TooManyEntries(`${entries} entries`);
  const counted: Figures[] = [];
  for (const figures of kept) counted.push(...(await countedFigures(snapshot, figures, asof)));
  return counted;
}

async function keptFigures(snapshot: Snapshot, subject: string): Promise<Figures[]> {
  const rows = await snapshot.all<Omit<Figures, 'counts'> & { counts: string }>(
    `SELECT subject, counts, firstAt, lastAt, name, namedAt, namedKey FROM ${dataSubjectsTable.name} WHERE subject = ?`,
    [subject],
  );
  return rows.map((row) => ({ ...row, counts: JSON.parse(row.counts) as Figures['counts'] }));
}

async function countedFigures(snapshot: Snapshot, now: Figures, asof: number): Promise<Figures[]> {
  const { subject } = now;
  const types = await snapshot.all<{ type: string; count: number; firstAt: number; lastAt: number }>(
    `SELECT type, COUNT(*) AS count, MIN(happenedAt) AS firstAt, MAX(happenedAt) AS lastAt
     FROM ${entriesTable.name} WHERE subject = ? AND position <= ? GROUP BY type ORDER BY type`,
    [subject, asof],
  );
  if (types.length === 0) return [];
  return [
    {
      subject,
      counts: Object.fromEntries(types.map(({ type, count }) => [type, count])),
      firstAt: Math.min(...types.map((type) => type.firstAt)),
      lastAt: Math.max(...types.map((type) => type.lastAt)),
      ...(await lastNamed(snapshot, now, asof)),
    },
  ];
}

type Naming = Pick<Figures, 'name' | 'namedAt' | 'namedKey'>;

/** The name given last among what was recorded by then: never later, by its own time, than the one given last by now. */
async function lastNamed(snapshot: Snapshot, now: Figures, asof: number): Promise<Naming> {
  let before: Naming | undefined = now.name === null ? undefined : { ...now, namedKey: now.namedKey + 1 };
  while (before !== undefined) {
    const rows: NamingRow[] = await snapshot.all<NamingRow>(
      `SELECT happenedAt AS namedAt, eventKey AS namedKey, entry FROM ${entriesTable.name}
       WHERE subject = ? AND (happenedAt, eventKey) < (?, ?) AND position <= ?
       ORDER BY happenedAt DESC, eventKey DESC LIMIT ?`,
      [now.subject, before.namedAt, before.namedKey, asof, ENTRIES_PER_LOOK],
    );
    for (const { namedAt, namedKey, entry } of rows) {
      const name = nameIn(entry);
      if (name !== undefined) return { name, namedAt, namedKey };
    }
    const last = rows.at(-1);
    before = last === undefined ? undefined : { ...last, name: null };
  }
  return { name: null, namedAt: 0, namedKey: 0 };
}

interface NamingRow {
  readonly namedAt: number;
  readonly namedKey: number;
  readonly entry: string;
}

function nameIn(entry: string): string | undefined {
  const { data } = JSON.parse(entry) as Entry & { data: { customer?: { name?: string } } };
  return data.customer?.name;
}
