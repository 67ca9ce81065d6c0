import { type App, MinPositionHeaders } from '@touchline/service-kit';
import type { z } from 'zod';
import { customerChanges } from '../queries/customer-changes.ts';
import { reading } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { ChangesQuery, CustomerChangesSchema } from './schemas.ts';

export function changeRoutes(app: App, { reader }: Pick<TimelineBacking, 'reader'>): void {
  app.route({
    method: 'GET',
    url: '/v1/customers/changes',
    schema: {
      summary: 'Customers whose composition changed after a position, in the order of their last changes',
      description:
        'Read from the rows as they are, so neither a rebuild nor a rollback makes anything look changed. Each customer is told as it is now, and comes again in a later page where it changed again.',
      querystring: ChangesQuery,
      headers: MinPositionHeaders,
      response: { 200: CustomerChangesSchema },
    },
    handler: (request, reply) =>
      reading(reader, request, reply, async (snapshot) => {
        const { after, limit } = request.query;
        // Beyond what rows can hold there is nothing, and a database may refuse to be asked for it.
        const from = Math.min(Number(after), Number.MAX_SAFE_INTEGER);
        return presentChanges(await customerChanges(snapshot, { after: from, limit }));
      }),
  });
}

/** Positions as texts. */
export function presentChanges({
  items,
  through,
  hasNext,
  settled,
  parked,
}: Awaited<ReturnType<typeof customerChanges>>): z.infer<typeof CustomerChangesSchema> {
  return {
    items: [...items],
    next: hasNext ? String(through) : null,
    through: String(through),
    settled: String(settled),
    parked,
  };
}
