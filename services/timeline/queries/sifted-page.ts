import { setImmediate } from 'node:timers/promises';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { amendmentsTable } from '../projections/amendments.ts';
import { entriesTable } from '../projections/entries.ts';
import { FOUND_PLACE, type FoundPlace } from './amended-entry.ts';
import { rowsAfter } from './entry-ranges.ts';
import { PageInMaking, type Wanted } from './page-in-making.ts';
import type { PageRequest, TimelinePage } from './page-request.ts';

/** Places sifted in one go. Between two goes others are answered. */
const SIEVE_PLACES = 2_000;
/** Places looked at for one page: where they do not fill it, it ends early, and its cursor leads on. */
const MAX_PLACES_PER_PAGE = 20_000;

/**
 * A page for which most entries are passed over, or that is put together from very many data subjects: first the places of
 * entries are read, from an index alone, and only what may be answered is read whole.
 */
export async function siftedPage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const { words } = request.filter;
  let holding: Positions | undefined;
  const isWanted: Wanted = async (row, version) => {
    if (holding === undefined) return true;
    const correction = version?.standing.correction;
    if (correction === undefined) return holding.has(row.position);
    const among = [correction.position];
    return (await snapshot.search(amendmentsTable as never, words, { limit: 1, among })).length > 0;
  };
  const page = new PageInMaking(snapshot, catalogue, request, isWanted);
  // Looking for words costs as much for one entry as for many, so all that may be needed are read at once.
  const limit = words.length > 0 ? MAX_PLACES_PER_PAGE : SIEVE_PLACES;
  let looked = 0;
  for (let { after } = request; ; ) {
    const found = await rowsAfter<FoundPlace>(snapshot, request, { columns: FOUND_PLACE, after, limit });
    holding = words.length === 0 ? undefined : await holdingWords(snapshot, found, words);
    for (let at = 0; at < found.length; at += SIEVE_PLACES) {
      const some = found.slice(at, at + SIEVE_PLACES);
      if ((await page.take(mayBeWanted(some, holding))) === 'full') return page.whole;
      await setImmediate();
    }
    looked += found.length;
    after = found.at(-1);
    if (found.length < limit || after === undefined) return page.last;
    if (looked >= MAX_PLACES_PER_PAGE) return page.until(after);
  }
}

type Positions = ReadonlySet<number>;

/** Of an amended entry the version that counts decides. */
function mayBeWanted(found: readonly FoundPlace[], holding: Positions | undefined): readonly FoundPlace[] {
  if (holding === undefined) return found;
  return found.filter(({ amended, position }) => amended !== null || holding.has(position));
}

/** Positions of entries that, as they were first recorded, hold every word. */
async function holdingWords(
  snapshot: Snapshot,
  found: readonly FoundPlace[],
  words: readonly string[],
): Promise<Positions> {
  const among = found.map(({ position }) => position);
  return new Set(await snapshot.search(entriesTable as never, words, { limit: among.length, among }));
}
