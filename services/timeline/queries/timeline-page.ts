import type { Snapshot, SqlValue } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { entriesTable } from '../projections/entries.ts';
import { amend, type FoundEntry, isRetracted } from './amended-entry.ts';

export interface TimelineFilter {
  readonly types: readonly string[];
  readonly channels: readonly string[];
  readonly departments: readonly string[];
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number;
  /** Words every entry must hold; see `questionWords`. */
  readonly words: readonly string[];
  readonly withRetracted: boolean;
}

/** Place between two entries of a timeline. Stays right while entries come, wherever they land. */
export interface TimelinePlace {
  readonly happenedAt: number;
  readonly eventKey: number;
}

export interface PageRequest {
  readonly subjects: readonly string[];
  readonly filter: TimelineFilter;
  readonly order: 'asc' | 'desc';
  readonly after?: TimelinePlace;
  readonly limit: number;
}

export interface TimelinePage {
  /** Entries as JSON text, in order. */
  readonly entries: readonly string[];
  /** Where the next page begins; absent at the end. */
  readonly next?: TimelinePlace;
}

/** Rows looked at in one go when words or retractions throw some of them away. */
const WORD_SEARCH_ROWS = 500;
/** SQLite merges this many ordered index ranges without sorting; customers rarely have more than four data subjects. */
const MAX_RANGES_PER_QUERY = 100;

/** A page of the timeline of some data subjects, ordered by (happenedAt, event id). */
export async function timelinePage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const { filter, limit } = request;
  const entries: string[] = [];
  // One more than wanted tells whether there is a next page.
  const chunk = filter.words.length > 0 ? Math.max(WORD_SEARCH_ROWS, limit + 1) : limit + 1;
  let after = request.after;
  for (;;) {
    const found = await findEntries(snapshot, request, after, chunk);
    const matching = await matchingPositions(snapshot, found, filter.words);
    for (const row of found) {
      if (matching?.has(row.position) === false) continue;
      if (!filter.withRetracted && isRetracted(row)) continue;
      if (entries.length === limit && after !== undefined)
        return { entries, next: { happenedAt: after.happenedAt, eventKey: after.eventKey } };
      entries.push(amend(row, catalogue));
      after = row;
    }
    if (found.length < chunk) return { entries };
    if (entries.length < limit) after = found.at(-1);
  }
}

async function findEntries(
  snapshot: Snapshot,
  request: PageRequest,
  after: TimelinePlace | undefined,
  limit: number,
): Promise<FoundEntry[]> {
  const where = conditions(request, after);
  const direction = request.order === 'desc' ? 'DESC' : 'ASC';
  const tail = ` ORDER BY happenedAt ${direction}, eventKey ${direction} LIMIT ?`;
  const found: FoundEntry[] = [];
  for (const subjects of groups(request.subjects)) {
    const sql = subjects.map(() => SELECT + where.sql).join(' UNION ALL ') + tail;
    const parameters = subjects.flatMap((subject) => [subject, ...where.parameters]);
    found.push(...(await snapshot.all<FoundEntry>(sql, [...parameters, limit])));
  }
  if (request.subjects.length <= MAX_RANGES_PER_QUERY) return found;
  const sign = request.order === 'desc' ? -1 : 1;
  return found
    .sort((a, b) => sign * (a.happenedAt - b.happenedAt || a.eventKey - b.eventKey))
    .slice(0, limit);
}

const SELECT = `SELECT e.position, e.happenedAt AS happenedAt, e.eventKey AS eventKey, e.entry, a.corrections, a.retraction
 FROM ${entriesTable.name} e LEFT JOIN amended a ON a.eventKey = e.eventKey WHERE e.subject = ?`;

function conditions(
  { filter, order }: PageRequest,
  after: TimelinePlace | undefined,
): { sql: string; parameters: SqlValue[] } {
  const parts: string[] = [];
  const parameters: SqlValue[] = [];
  const add = (sql: string, ...values: SqlValue[]): void => {
    parts.push(` AND ${sql}`);
    parameters.push(...values);
  };
  if (after)
    add(
      `(e.happenedAt, e.eventKey) ${order === 'desc' ? '<' : '>'} (?, ?)`,
      after.happenedAt,
      after.eventKey,
    );
  if (filter.from !== undefined) add('e.happenedAt >= ?', filter.from);
  if (filter.to !== undefined) add('e.happenedAt < ?', filter.to);
  for (const [column, values] of [
    ['type', filter.types],
    ['channel', filter.channels],
    ['department', filter.departments],
  ] as const)
    if (values.length > 0) add(`e.${column} IN (${values.map(() => '?').join(', ')})`, ...values);
  return { sql: parts.join(''), parameters };
}

async function matchingPositions(
  snapshot: Snapshot,
  found: readonly FoundEntry[],
  words: readonly string[],
): Promise<ReadonlySet<number> | undefined> {
  if (words.length === 0) return undefined;
  const among = found.map((row) => row.position);
  return new Set(await snapshot.search(entriesTable as never, words, { limit: among.length, among }));
}

function* groups(subjects: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at < subjects.length; at += MAX_RANGES_PER_QUERY)
    yield subjects.slice(at, at + MAX_RANGES_PER_QUERY);
}
