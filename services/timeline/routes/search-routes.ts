import { type App, MinPositionHeaders } from '@touchline/service-kit';
import { search } from '../queries/search.ts';
import { reading } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { SearchQuery, SearchSchema } from './schemas.ts';

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
}
