import { setImmediate } from 'node:timers/promises';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { amendmentsTable } from '../projections/amendments.ts';
import { entriesTable } from '../projections/entries.ts';
import type { AmendedEntry } from './amended-entry.ts';
import { placeholders, rowsAfter } from './entry-ranges.ts';
import { amendedRow, PageInMaking, type PageRow, pageColumns } from './page-in-making.ts';
import type { PageRequest, TimelinePage, TimelinePlace } from './page-request.ts';

interface Key extends TimelinePlace {
  readonly position: number;
}

const KEY = 'e.position, e.happenedAt AS happenedAt, e.eventKey AS eventKey';

/** Keys sifted in one go. Between two goes others are answered. */
const SIEVE_KEYS = 2_000;
/** Keys looked at for one page: where they do not fill it, it ends early, and its cursor leads on. */
const MAX_KEYS_PER_PAGE = 20_000;

/**
 * A page for which most entries are passed over, or that is put together from very many data subjects: first the places of
 * entries are read, from an index alone, and only what may be answered is read whole.
 */
export async function siftedPage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const page = new PageInMaking(snapshot, catalogue, request);
  const { words } = request.filter;
  // Looking for words costs as much for one entry as for many, so all that may be needed are read at once.
  const limit = words.length > 0 ? MAX_KEYS_PER_PAGE : SIEVE_KEYS;
  let looked = 0;
  for (let { after } = request; ; ) {
    const keys = await rowsAfter<Key>(snapshot, request, { columns: KEY, after, limit });
    const holding = words.length === 0 ? undefined : await holdingWords(snapshot, keys, words);
    for (let at = 0; at < keys.length; at += SIEVE_KEYS) {
      const some = keys.slice(at, at + SIEVE_KEYS);
      if ((await sift(snapshot, request, { keys: some, holding }, page)) === 'full') return page.whole;
      await setImmediate();
    }
    looked += keys.length;
    after = keys.at(-1);
    if (keys.length < limit || after === undefined) return page.last;
    if (looked >= MAX_KEYS_PER_PAGE) return page.until(after);
  }
}

type Positions = ReadonlySet<number>;

async function sift(
  snapshot: Snapshot,
  request: PageRequest,
  { keys, holding }: { readonly keys: readonly Key[]; readonly holding: Positions | undefined },
  page: PageInMaking,
): Promise<'full' | 'sifted'> {
  const { words } = request.filter;
  const columns = pageColumns(snapshot);
  const amended = holding === undefined ? undefined : await amendedAmong(snapshot, keys);
  for (const key of keys) {
    if (holding?.has(key.position) === false && !amended?.has(key.eventKey)) continue;
    const [row] = await snapshot.all<PageRow>(
      `SELECT ${columns} FROM ${entriesTable.name} e WHERE e.position = ?`,
      [key.position],
    );
    if (row === undefined) continue;
    const version = await amendedRow(snapshot, row, request.asof);
    if (holding !== undefined && !(await holds(snapshot, row, version, { words, holding }))) continue;
    if ((await page.take(row, version)) === 'full') return 'full';
  }
  return 'sifted';
}

/** Positions of entries that, as they were first recorded, hold every word. */
async function holdingWords(
  snapshot: Snapshot,
  keys: readonly Key[],
  words: readonly string[],
): Promise<Positions> {
  const among = keys.map(({ position }) => position);
  return new Set(await snapshot.search(entriesTable as never, words, { limit: among.length, among }));
}

/** Whether the version that counts holds the words. */
async function holds(
  snapshot: Snapshot,
  row: PageRow,
  version: AmendedEntry | undefined,
  { words, holding }: { readonly words: readonly string[]; readonly holding: Positions },
): Promise<boolean> {
  const correction = version?.standing.correction;
  if (correction === undefined) return holding.has(row.position);
  const among = [correction.position];
  return (await snapshot.search(amendmentsTable as never, words, { limit: 1, among })).length > 0;
}

/** Keys of entries that anybody amended. Always as many are asked for, so that one statement serves. */
async function amendedAmong(snapshot: Snapshot, keys: readonly Key[]): Promise<ReadonlySet<number>> {
  const asked = keys.map(({ eventKey }) => eventKey);
  const filling = new Array<number>(SIEVE_KEYS - asked.length).fill(asked[0] ?? 0);
  const rows = await snapshot.all<{ targetKey: number }>(
    `SELECT DISTINCT targetKey FROM ${amendmentsTable.name} WHERE targetKey IN (${placeholders(SIEVE_KEYS)})`,
    [...asked, ...filling],
  );
  return new Set(rows.map((row) => row.targetKey));
}
