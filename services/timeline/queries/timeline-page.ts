import type { Snapshot, SqlValue, Table } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { amendmentsTable } from '../projections/amendments.ts';
import { entriesTable } from '../projections/entries.ts';
import {
  type AmendedEntry,
  amendedEntry,
  FOUND_PLACE,
  type FoundEntry,
  IS_AMENDED,
  served,
} from './amended-entry.ts';
import type { AsOf } from './as-of.ts';

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
  readonly asof?: AsOf;
}

export interface TimelinePage {
  /** Entries as JSON in UTF-8, in order. */
  readonly entries: readonly Uint8Array[];
  /** Where the next page begins; absent at the end. */
  readonly next?: TimelinePlace;
}

/** Rows looked at in one go when words or retractions throw some of them away. */
const WORD_SEARCH_ROWS = 500;
/** SQLite merges this many ordered index ranges without sorting; customers rarely have more than four data subjects. */
const MAX_RANGES_PER_QUERY = 100;

/** The entry that passes it is the last of its page. */
const MAX_PAGE_BYTES = 4_000_000;

/** Most entries are sent as they lie in the row: making strings of them would cost more than finding them. */
type PageRow = Omit<FoundEntry, 'entry'> & { readonly entry: Uint8Array };

/** A page of the timeline of some data subjects, ordered by (happenedAt, event id). May hold less than `limit` where entries are large. */
export async function timelinePage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const { filter, limit } = request;
  const entries: Uint8Array[] = [];
  let bytes = 0;
  // One more than wanted tells whether there is a next page.
  const chunk = filter.words.length > 0 ? Math.max(WORD_SEARCH_ROWS, limit + 1) : limit + 1;
  let after = request.after;
  for (;;) {
    const found = await findEntries(snapshot, request, after, chunk);
    const amended = await amendedAmong(snapshot, found, request.asof);
    const matching = await matchingPositions(snapshot, found, amended, filter.words);
    for (const row of found) {
      if (matching?.has(row.position) === false) continue;
      const text = await textOf(snapshot, catalogue, row, amended.get(row.position), filter);
      if (text === undefined) continue;
      const isFull = entries.length === limit || bytes > MAX_PAGE_BYTES;
      if (isFull && after !== undefined)
        return { entries, next: { happenedAt: after.happenedAt, eventKey: after.eventKey } };
      entries.push(text);
      bytes += text.length;
      after = row;
    }
    if (found.length < chunk) return { entries };
    if (entries.length < limit) after = found.at(-1);
  }
}

type Amended = ReadonlyMap<number, AmendedEntry>;

async function amendedAmong(snapshot: Snapshot, found: readonly PageRow[], asof: AsOf): Promise<Amended> {
  const amended = new Map<number, AmendedEntry>();
  for (const row of found) {
    if (row.amended === null) continue;
    const text = Buffer.from(row.entry).toString();
    const entry = await amendedEntry(snapshot, { ...row, entry: text }, asof);
    if (entry !== undefined) amended.set(row.position, entry);
  }
  return amended;
}

/** The entry as it is served, nearly always the text as it lies in the row; `undefined` when it does not pass. */
async function textOf(
  snapshot: Snapshot,
  catalogue: Catalogue,
  row: PageRow,
  amended: AmendedEntry | undefined,
  { channels, withRetracted }: TimelineFilter,
): Promise<Uint8Array | undefined> {
  if (amended === undefined) return isWanted(row.channel, channels) ? row.entry : undefined;
  if (!withRetracted && amended.standing.retraction) return undefined;
  const entry = await served(snapshot, amended, catalogue);
  return isWanted(entry.channel, channels) ? Buffer.from(JSON.stringify(entry)) : undefined;
}

function isWanted(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

async function findEntries(
  snapshot: Snapshot,
  request: PageRequest,
  after: TimelinePlace | undefined,
  limit: number,
): Promise<PageRow[]> {
  const where = conditions(request, after);
  const direction = request.order === 'desc' ? 'DESC' : 'ASC';
  const tail = ` ORDER BY happenedAt ${direction}, eventKey ${direction} LIMIT ?`;
  const select = selectOf(snapshot);
  const found: PageRow[] = [];
  for (const subjects of groups(request.subjects)) {
    const sql = subjects.map(() => select + where.sql).join(' UNION ALL ') + tail;
    const parameters = subjects.flatMap((subject) => [subject, ...where.parameters]);
    found.push(...(await snapshot.all<PageRow>(sql, [...parameters, limit])));
  }
  if (request.subjects.length <= MAX_RANGES_PER_QUERY) return found;
  const sign = request.order === 'desc' ? -1 : 1;
  return found
    .sort((a, b) => sign * (a.happenedAt - b.happenedAt || a.eventKey - b.eventKey))
    .slice(0, limit);
}

function selectOf(snapshot: Snapshot): string {
  return `SELECT ${FOUND_PLACE}, ${snapshot.utf8('e.entry')} AS entry FROM ${entriesTable.name} e WHERE e.subject = ?`;
}

function conditions(
  { filter, order, asof }: PageRequest,
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
  if (asof !== undefined) add('e.position <= ?', asof);
  if (filter.from !== undefined) add('e.happenedAt >= ?', filter.from);
  if (filter.to !== undefined) add('e.happenedAt < ?', filter.to);
  if (filter.types.length > 0) add(`e.type IN (${placeholders(filter.types)})`, ...filter.types);
  if (filter.departments.length > 0)
    add(`e.department IN (${placeholders(filter.departments)})`, ...filter.departments);
  // A correction may have changed the channel: how an amended entry came is looked at when its version is known.
  if (filter.channels.length > 0)
    add(`(e.channel IN (${placeholders(filter.channels)}) OR ${IS_AMENDED})`, ...filter.channels);
  return { sql: parts.join(''), parameters };
}

/** Positions of entries whose version that counts holds every word; `undefined` when nothing was asked for. */
async function matchingPositions(
  snapshot: Snapshot,
  found: readonly PageRow[],
  amended: Amended,
  words: readonly string[],
): Promise<ReadonlySet<number> | undefined> {
  if (words.length === 0) return undefined;
  const matching = new Set<number>();
  const own: number[] = [];
  const corrections = new Map<number, number>();
  for (const { position } of found) {
    const correction = amended.get(position)?.standing.correction;
    if (correction === undefined) own.push(position);
    else corrections.set(correction.position, position);
  }
  for (const position of await among(entriesTable as never, own)) matching.add(position);
  for (const position of await among(amendmentsTable as never, [...corrections.keys()]))
    matching.add(corrections.get(position) as number);
  return matching;

  async function among(table: Table<never>, keys: readonly number[]): Promise<readonly number[]> {
    return keys.length === 0 ? keys : snapshot.search(table, words, { limit: keys.length, among: keys });
  }
}

function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

function* groups(subjects: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at < subjects.length; at += MAX_RANGES_PER_QUERY)
    yield subjects.slice(at, at + MAX_RANGES_PER_QUERY);
}
