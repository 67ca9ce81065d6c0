import type { Snapshot, SqlValue } from '@touchline/read-store';
import { entriesTable } from '../projections/entries.ts';
import { IS_AMENDED } from './amended-entry.ts';
import type { PageRequest, TimelinePlace } from './page-request.ts';

/** Databases merge this many ordered index ranges without sorting; customers rarely have more than four data subjects. */
export const MAX_RANGES = 100;
/** Where there are more, so many are sorted at once. Always as many, so that one statement serves. */
const SUBJECTS_PER_QUERY = 1_000;

/**
 * The first `limit` rows of the data subjects after a place, in order. `columns` hold `happenedAt` and `eventKey` under
 * these names; the table goes by `e`.
 */
export async function rowsAfter<Row extends TimelinePlace>(
  snapshot: Snapshot,
  request: PageRequest,
  { columns, after, limit }: { columns: string; after: TimelinePlace | undefined; limit: number },
): Promise<Row[]> {
  const { subjects, order } = request;
  const where = conditions(request, after);
  const direction = order === 'desc' ? 'DESC' : 'ASC';
  const tail = ` ORDER BY happenedAt ${direction}, eventKey ${direction} LIMIT ?`;
  const select = `SELECT ${columns} FROM ${entriesTable.name} e WHERE e.subject`;
  if (subjects.length === 0) return [];
  if (subjects.length <= MAX_RANGES) {
    const sql = subjects.map(() => `${select} = ?${where.sql}`).join(' UNION ALL ') + tail;
    const parameters = subjects.flatMap((subject) => [subject, ...where.parameters]);
    return snapshot.all<Row>(sql, [...parameters, limit]);
  }
  const found: Row[] = [];
  const sql = `${select} IN (${placeholders(SUBJECTS_PER_QUERY)})${where.sql}${tail}`;
  for (const some of groups(subjects))
    for (const row of await snapshot.all<Row>(sql, [...some, ...where.parameters, limit])) found.push(row);
  const sign = order === 'desc' ? -1 : 1;
  return found
    .sort((a, b) => sign * (a.happenedAt - b.happenedAt || a.eventKey - b.eventKey))
    .slice(0, limit);
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
  if (filter.types.length > 0) add(`e.type IN (${placeholders(filter.types.length)})`, ...filter.types);
  if (filter.departments.length > 0)
    add(`e.department IN (${placeholders(filter.departments.length)})`, ...filter.departments);
  // A correction may have changed the channel: how an amended entry came is looked at when its version is known.
  if (filter.channels.length > 0)
    add(`(e.channel IN (${placeholders(filter.channels.length)}) OR ${IS_AMENDED})`, ...filter.channels);
  return { sql: parts.join(''), parameters };
}

/** Of equal size: the last one is filled up with a data subject it has. */
function* groups(subjects: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at < subjects.length; at += SUBJECTS_PER_QUERY) {
    const some = subjects.slice(at, at + SUBJECTS_PER_QUERY);
    const filling = new Array<string>(SUBJECTS_PER_QUERY - some.length).fill(some[0] ?? '');
    yield [...some, ...filling];
  }
}

export function placeholders(count: number): string {
  return new Array<string>(count).fill('?').join(', ');
}
