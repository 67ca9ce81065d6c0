import { createIdentityProjection } from '@touchline/identity';
import type { Journal, RecordedTouchpoint } from '@touchline/journal';
import type { ReadModel } from '@touchline/read-store';
import { type Catalogue, identifiersOf } from '@touchline/touchpoints';
import { amendmentsProjection } from './projections/amendments.ts';
import { dataSubjectsProjection } from './projections/data-subjects.ts';
import { entriesProjection } from './projections/entries.ts';

export const TIMELINE = 'timeline';

/**
 * The read model "timeline": who is who, and what happened to each of them. Of a `journal` whose log may hold an event twice
 * the first one counts.
 */
export function timelineReadModel(
  catalogue: Catalogue,
  journal: Pick<Journal, 'idempotency'> = { idempotency: 'exact' },
): ReadModel<RecordedTouchpoint> {
  return {
    name: TIMELINE,
    routing: createIdentityProjection({
      plainIdentifiers: ({ touchpoint }) => identifiersOf(touchpoint).map((identifier) => identifier.uri),
    }),
    projections: [entriesProjection(catalogue), dataSubjectsProjection(), amendmentsProjection()],
    ...(journal.idempotency === 'exact' ? {} : { idOf: ({ eventid }: RecordedTouchpoint) => eventid }),
  };
}
