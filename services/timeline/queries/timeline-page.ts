import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { MAX_RANGES, rowsAfter } from './entry-ranges.ts';
import { amendedRow, PageInMaking, type PageRow, pageColumns } from './page-in-making.ts';
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

/** Nearly every row that is read is answered, so each is read whole. */
async function simplePage(
  snapshot: Snapshot,
  catalogue: Catalogue,
  request: PageRequest,
): Promise<TimelinePage> {
  const page = new PageInMaking(snapshot, catalogue, request);
  // One more than wanted tells whether there is a next page.
  const limit = request.limit + 1;
  const columns = pageColumns(snapshot);
  for (let { after } = request; ; ) {
    const found = await rowsAfter<PageRow>(snapshot, request, { columns, after, limit });
    for (const row of found) {
      const amended = row.amended === null ? undefined : await amendedRow(snapshot, row, request.asof);
      if ((await page.take(row, amended)) === 'full') return page.whole;
    }
    if (found.length < limit) return page.last;
    after = found.at(-1);
  }
}
