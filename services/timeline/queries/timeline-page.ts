import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { entriesTable } from '../projections/entries.ts';
import { FOUND_PLACE, type FoundPlace } from './amended-entry.ts';
import { MAX_RANGES, rowsAfter } from './entry-ranges.ts';
import { MAX_BYTES_IN_RUN, PageInMaking, RUN_ENTRIES } from './page-in-making.ts';
import type { PageRequest, TimelinePage } from './page-request.ts';
import { siftedPage } from './sifted-page.ts';

export type { PageRequest, TimelineFilter, TimelinePage, TimelinePlace } from './page-request.ts';

/** A page of the timeline of some data subjects, ordered by (happenedAt, event id). */
export function timelinePage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const isSimple = request.filter.words.length === 0 && request.subjects.length <= MAX_RANGES;
  return (isSimple ? simplePage : siftedPage)(snapshot, catalogue, request);
}

/** Nearly every entry that is found is answered, so no more are looked for than the page holds. */
async function simplePage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const page = new PageInMaking(snapshot, catalogue, request);
  // One more than wanted tells whether there is a next page.
  const limit = request.limit + 1;
  for (let { after } = request; ; ) {
    const found = await rowsAfter<FoundPlace>(snapshot, request, { columns: FOUND_PLACE, after, limit });
    const plain = after === request.after ? await plainPage(snapshot, request, found) : undefined;
    if (plain !== undefined) return plain;
    if ((await page.take(found)) === 'full') return page.whole;
    if (found.length < limit) return page.last;
    after = found.at(-1);
  }
}

/** The ordinary page, of entries that nobody amended, comes from the database as it is sent; `undefined` when it is none. */
async function plainPage(
  snapshot: Snapshot,
  request: PageRequest,
  found: readonly FoundPlace[],
): Promise<TimelinePage | undefined> {
  if (request.limit > RUN_ENTRIES || found.some(({ amended }) => amended !== null)) return undefined;
  const keys = found.slice(0, request.limit).map(({ position }) => position);
  const last = found.length > request.limit ? found[request.limit - 1] : undefined;
  const next = last && { happenedAt: last.happenedAt, eventKey: last.eventKey };
  const body = await snapshot.joinedJson(entriesTable as never, 'entry', keys, {
    maxBytes: MAX_BYTES_IN_RUN,
    frame: request.frame(next),
  });
  return body && { body, ...(next && { next }) };
}
