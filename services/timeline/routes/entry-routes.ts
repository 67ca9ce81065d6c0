import type { Snapshot } from '@touchline/read-store';
import { type App, defineCursor, MinPositionHeaders, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { AsOf } from '../queries/as-of.ts';
import type { CorrectionPlace } from '../queries/correction-page.ts';
import { entryById } from '../queries/entry-by-id.ts';
import { reading } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { askedWith, CursorAsOf, toldOn } from './cursor-as-of.ts';
import { AmendedEntrySchema, EntryQuery, EventId } from './schemas.ts';

const correctionCursor = defineCursor<CorrectionPlace & { asof?: z.output<typeof CursorAsOf> }>({
  name: 'corrections',
  version: 1,
  place: z.object({ happenedAt: z.int(), eventKey: z.int(), asof: CursorAsOf }),
});

export function entryRoutes(app: App, { reader, catalogue }: TimelineBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/entries/:eventid',
    schema: {
      summary: 'One entry as it counts now, as it was first recorded, and its corrections',
      params: z.object({ eventid: EventId }),
      querystring: EntryQuery,
      headers: MinPositionHeaders,
      response: { 200: AmendedEntrySchema },
    },
    handler: (request, reply) => {
      const eventid = request.params.eventid.toLowerCase();
      const { limit } = request.query;
      const cursor =
        request.query.cursor === undefined ? undefined : correctionCursor.decode(request.query.cursor);
      const asked = askedWith(cursor, request.query.asof);
      return reading(
        reader,
        request,
        reply,
        async (snapshot, asof) => {
          const page = { limit, asof, ...(cursor && { after: cursor }) };
          const entry = await entryById(snapshot, catalogue, eventid, page);
          if (entry === undefined) throw await unknownEntry(snapshot, eventid, asof);
          const { items, next } = entry.corrections;
          const more = next && correctionCursor.encode({ ...next, ...toldOn(cursor, asked, asof) });
          return { ...entry, corrections: { items, next: more ?? null } } as never;
        },
        asked,
      );
    },
  });

  async function unknownEntry(snapshot: Snapshot, eventid: string, asof: AsOf): Promise<Problem> {
    const isKnownNow = asof !== undefined && (await entryById(snapshot, catalogue, eventid, { limit: 1 }));
    return new Problem(isKnownNow ? 'not-yet-known' : 'unknown-entry');
  }
}
