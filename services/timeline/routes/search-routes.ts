import { type App, MinPositionHeaders, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import { entryById } from '../queries/entry-by-id.ts';
import { search } from '../queries/search.ts';
import { reading } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { EntrySchema, EventId, SearchQuery, SearchSchema } from './schemas.ts';

export function searchRoutes(app: App, { reader, catalogue }: TimelineBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/search',
    schema: {
      summary: 'Customers and entries that hold every word, in any script',
      querystring: SearchQuery,
      headers: MinPositionHeaders,
      response: { 200: SearchSchema },
    },
    handler: (request, reply) =>
      reading(reader, request, reply, (snapshot) =>
        search(snapshot, catalogue, request.query.q, request.query.limit),
      ),
  });

  app.route({
    method: 'GET',
    url: '/v1/entries/:eventid',
    schema: {
      summary: 'One entry with its corrections',
      params: z.object({ eventid: EventId }),
      headers: MinPositionHeaders,
      response: { 200: EntrySchema.extend({ customerid: z.string(), corrections: z.array(z.unknown()) }) },
    },
    handler: (request, reply) =>
      reading(reader, request, reply, async (snapshot) => {
        const entry = await entryById(snapshot, catalogue, request.params.eventid.toLowerCase());
        if (entry === undefined) throw new Problem('unknown-entry');
        return entry as never;
      }),
  });
}
