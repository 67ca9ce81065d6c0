import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Snapshot, SqlValue } from '@touchline/read-store';
import { entriesTable } from '../projections/entries.ts';
import type { AsOf } from './as-of.ts';

/** What the touchpoints of one data subject add up to. */
export interface Figures {
  readonly subject: string;
  /** Touchpoints by type. */
  readonly counts: Readonly<Record<string, number>>;
  /** When the first and the last happened, milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Entries counted in one go: some milliseconds. Others have their turn before the next. */
const ENTRIES_PER_GO = 20_000;

/** Figures of data subjects that have touchpoints, counted from the index of the entries. */
export async function figuresOf(
  snapshot: Snapshot,
  subjects: readonly string[],
  asof: AsOf,
  entriesPerGo = ENTRIES_PER_GO,
): Promise<readonly Figures[]> {
  const all: Figures[] = [];
  for (const subject of subjects) {
    const tally = new Tally();
    for (let from: Place | undefined = BEGINNING; from !== undefined; ) {
      const to = await placeAfter(snapshot, subject, from, entriesPerGo);
      for (const sum of await sumsBetween(snapshot, { subject, from, to }, asof)) tally.add(sum);
      from = to;
      if (from !== undefined) await eventLoopTurn();
    }
    if (tally.entries > 0) all.push({ subject, ...tally.figures });
  }
  return all;
}

/** In the order of a timeline. */
interface Place {
  readonly happenedAt: number;
  readonly eventKey: number;
}

const BEGINNING: Place = { happenedAt: Number.MIN_SAFE_INTEGER, eventKey: 0 };

interface Sum {
  readonly type: string;
  readonly entries: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

class Tally {
  entries = 0;
  readonly #counts: Record<string, number> = {};
  #firstAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;

  add({ type, entries, firstAt, lastAt }: Sum): void {
    this.entries += entries;
    this.#counts[type] = (this.#counts[type] ?? 0) + entries;
    this.#firstAt = Math.min(this.#firstAt, firstAt);
    this.#lastAt = Math.max(this.#lastAt, lastAt);
  }

  get figures(): Omit<Figures, 'subject'> {
    return { counts: this.#counts, firstAt: this.#firstAt, lastAt: this.#lastAt };
  }
}

/** So many entries further on; `undefined` where fewer follow. */
async function placeAfter(
  snapshot: Snapshot,
  subject: string,
  { happenedAt, eventKey }: Place,
  entries: number,
): Promise<Place | undefined> {
  const [place] = await snapshot.all<Place>(
    `SELECT happenedAt, eventKey FROM ${entriesTable.name} WHERE subject = ? AND (happenedAt, eventKey) > (?, ?)
     ORDER BY happenedAt, eventKey LIMIT 1 OFFSET ?`,
    [subject, happenedAt, eventKey, entries - 1],
  );
  return place;
}

/** After one place, and up to another one. */
function sumsBetween(
  snapshot: Snapshot,
  { subject, from, to }: { readonly subject: string; readonly from: Place; readonly to: Place | undefined },
  asof: AsOf,
): Promise<Sum[]> {
  const conditions = ['subject = ?', '(happenedAt, eventKey) > (?, ?)'];
  const parameters: SqlValue[] = [subject, from.happenedAt, from.eventKey];
  if (to !== undefined) {
    conditions.push('(happenedAt, eventKey) <= (?, ?)');
    parameters.push(to.happenedAt, to.eventKey);
  }
  if (asof !== undefined) {
    conditions.push('position <= ?');
    parameters.push(asof);
  }
  return snapshot.all<Sum>(
    `SELECT type, COUNT(*) AS entries, MIN(happenedAt) AS firstAt, MAX(happenedAt) AS lastAt
     FROM ${entriesTable.name} WHERE ${conditions.join(' AND ')} GROUP BY type`,
    parameters,
  );
}
