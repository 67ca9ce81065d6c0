import { EventStoreError, type RecordedEvent } from '@touchline/event-store';
import { clearPartOf } from '@touchline/journal';
import { type App, defineCursor, listOf, Problem, tellPosition } from '@touchline/service-kit';
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
      const scan = { ...filter, after: from, signal: request.signal };
      const { events, next } = await scanLog(eventStore, scan).catch((failure) => {
        throw isUnknownPosition(failure) ? noPosition(cursor, failure) : failure;
      });
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

function isUnknownPosition(failure: unknown): boolean {
  return failure instanceof EventStoreError && failure.code === 'event-store-position-unknown';
}

/** Positions with gaps cannot be guessed: whoever asks takes one that was answered. */
function noPosition(cursor: string | undefined, cause: unknown): Problem {
  const detail = 'is no position of this log: take one that it has answered';
  return cursor === undefined
    ? new Problem('invalid-request', { cause, errors: [{ pointer: '/after', detail, in: 'query' }] })
    : new Problem('invalid-cursor', { cause, errors: [{ pointer: '/cursor', detail, in: 'query' }] });
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
