import type { RecordedEvent } from '@touchline/event-store';
import { clearPartOf } from '@touchline/journal';
import { type App, defineCursor, listOf, tellPosition } from '@touchline/service-kit';
import { z } from 'zod';
import type { ReplayBacking } from '../replay-service.ts';
import { scanLog } from '../scan-log.ts';
import { LogEventSchema, LogQuery } from './schemas.ts';

const logCursor = defineCursor<string>({ name: 'log', version: 1, place: z.string().regex(/^\d{1,19}$/) });

export function logRoutes(app: App, { eventStore }: ReplayBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/log',
    schema: {
      summary: 'The raw log in its order; what is sealed stays so',
      description:
        'Looks at a bounded number of events: with filters a page may be short, or empty, and still have a `next`.',
      querystring: LogQuery,
      response: { 200: listOf(LogEventSchema) },
    },
    handler: async (request, reply) => {
      const { after = '0', cursor, ...filter } = request.query;
      const from = BigInt(cursor === undefined ? after : logCursor.decode(cursor));
      tellPosition(reply, await eventStore.head());
      const { events, next } = await scanLog(eventStore, { ...filter, after: from, signal: request.signal });
      return { items: events.map(present), next: next === undefined ? null : logCursor.encode(String(next)) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/log/head',
    schema: {
      summary: 'Where the log ends',
      querystring: z.strictObject({}),
      response: {
        200: z.object({
          position: z.string().describe('Of the last event; 0 when there is none'),
          events: z.int().describe('In the whole log'),
        }),
      },
    },
    handler: async (_request, reply) => {
      const head = await eventStore.head();
      tellPosition(reply, head);
      return { position: String(head), events: await eventStore.count({ upTo: head }) };
    },
  });
}

function present(event: RecordedEvent): z.infer<typeof LogEventSchema> {
  const { position, id, stream, version, type, recordedAt } = event;
  return {
    position: String(position),
    eventid: id,
    stream,
    version,
    type,
    recordedtime: new Date(recordedAt).toISOString(),
    ...clearPartOf(event),
  };
}
