import type { JsonFrame } from '@touchline/read-store';
import { type App, defineCursor, listOf, MinPositionHeaders, streamEvents } from '@touchline/service-kit';
import { z } from 'zod';
import { liveEntries } from '../live-entries.ts';
import type { AsOf } from '../queries/as-of.ts';
import { currentCustomer, dataSubjectsOf } from '../queries/customers.ts';
import { type PageRequest, type TimelinePlace, timelinePage } from '../queries/timeline-page.ts';
import { reading, redirect, Superseded, superseded } from '../reading.ts';
import { questionWords } from '../search-words.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { askedWith, CursorAsOf, toldOn } from './cursor-as-of.ts';
import { CustomerId, EntrySchema, LastEventId, NoQuery, TimelineQuery } from './schemas.ts';

const params = z.object({ customerid: CustomerId });

const timelineCursor = defineCursor<TimelinePlace & { asof?: z.output<typeof CursorAsOf> }>({
  name: 'timeline',
  version: 1,
  place: z.object({ happenedAt: z.int(), eventKey: z.int(), asof: CursorAsOf }),
});

export function timelineRoutes(app: App, { reader, catalogue }: TimelineBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/customers/:customerid/timeline',
    schema: {
      summary: 'What happened, in the order in which it happened',
      params,
      querystring: TimelineQuery,
      headers: MinPositionHeaders,
      response: { 200: listOf(EntrySchema) },
    },
    handler: async (request, reply) => {
      const { params, query } = request;
      const cursor = query.cursor === undefined ? undefined : timelineCursor.decode(query.cursor);
      const asked = askedWith(cursor, query.asof);
      const found = await reading(
        reader,
        request,
        reply,
        async (snapshot, asof) => {
          const other = await superseded(snapshot, params.customerid, asof);
          if (other) return other;
          const subjects = await dataSubjectsOf(snapshot, params.customerid, asof);
          const frame = (next: TimelinePlace | undefined) =>
            listFrame(next && timelineCursor.encode({ ...next, ...toldOn(cursor, asked, asof) }));
          return timelinePage(snapshot, catalogue, pageRequest(subjects, query, cursor, asof, frame));
        },
        asked,
      );
      if (found instanceof Superseded) return redirect(request, reply, found);
      return reply.type('application/json; charset=utf-8').send(found.body as never);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/customers/:customerid/timeline/live',
    schema: {
      summary:
        'New entries, and entries that were corrected or retracted, as server-sent events; resumes after Last-Event-ID',
      params,
      querystring: NoQuery,
      headers: MinPositionHeaders.extend({ 'last-event-id': LastEventId.optional() }),
    },
    handler: async (request, reply) => {
      const { customerid } = request.params;
      const start = await reading(reader, request, reply, async (snapshot) => {
        await superseded(snapshot, customerid);
        return { position: snapshot.position, known: await currentCustomer(snapshot, customerid) };
      });
      const resumed = request.headers['last-event-id'];
      const after = resumed === undefined ? start.position : BigInt(resumed);
      return streamEvents(request, reply, (signal) => serverSentEvents(customerid, after, signal));
    },
  });

  async function* serverSentEvents(customerid: string, after: bigint, signal: AbortSignal) {
    for await (const live of liveEntries(reader, catalogue, customerid, { after, signal })) {
      yield live.kind === 'entry'
        ? { id: live.position, event: 'entry', data: live.entry }
        : { id: live.position, event: 'customer', data: { customerid: live.customerid } };
    }
  }
}

function pageRequest(
  subjects: readonly string[],
  query: z.output<typeof TimelineQuery>,
  after: TimelinePlace | undefined,
  asof: AsOf,
  frame: PageRequest['frame'],
): PageRequest {
  const words = questionWords(query.q ?? '');
  // A question of signs that are no words finds nothing; it is not as if nothing had been asked.
  const isInVain = words.length === 0 && (query.q ?? '').trim() !== '';
  return {
    subjects: isInVain ? [] : subjects,
    order: query.order,
    limit: query.limit,
    asof,
    frame,
    ...(after === undefined ? {} : { after }),
    filter: {
      types: query.type.map(fullTypeName),
      channels: query.channel,
      departments: query.department,
      words,
      withRetracted: query.include === 'retracted',
      ...(query.from === undefined ? {} : { from: query.from }),
      ...(query.to === undefined ? {} : { to: query.to }),
    },
  };
}

/** Around the items of `listOf`. */
function listFrame(next: string | undefined): JsonFrame {
  return { before: '{"items":[', after: `],"next":${JSON.stringify(next ?? null)}}` };
}

/** `order.placed` stands for `touchline.order.placed.v1`. */
function fullTypeName(name: string): string {
  const prefixed = name.startsWith('touchline.') ? name : `touchline.${name}`;
  return /\.v\d+$/.test(prefixed) ? prefixed : `${prefixed}.v1`;
}
