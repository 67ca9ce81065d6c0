import { type App, defineCursor, MinPositionHeaders, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { CorrectionPlace } from '../queries/correction-page.ts';
import { entryById } from '../queries/entry-by-id.ts';
import { reading } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { AmendedEntrySchema, EntryQuery, EventId } from './schemas.ts';

const correctionCursor = defineCursor<CorrectionPlace>({
  name: 'corrections',
  version: 1,
  place: z.object({ happenedAt: z.int(), eventKey: z.int() }),
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
      const { limit, cursor } = request.query;
      const page = { limit, ...(cursor !== undefined && { after: correctionCursor.decode(cursor) }) };
      return reading(reader, request, reply, async (snapshot) => {
        const entry = await entryById(snapshot, catalogue, request.params.eventid.toLowerCase(), page);
        if (entry === undefined) throw new Problem('unknown-entry');
        const { items, next } = entry.corrections;
        const corrections = { items, next: next === undefined ? null : correctionCursor.encode(next) };
        return { ...entry, corrections } as never;
      });
    },
  });
}
