import type { Snapshot } from '@touchline/read-store';
import { type App, defineCursor, listOf, MinPositionHeaders, Problem } from '@touchline/service-kit';
import { parseIdentifier } from '@touchline/touchpoints';
import { z } from 'zod';
import type { AsOf } from '../queries/as-of.ts';
import { type Customer, customer, customersBearing } from '../queries/customers.ts';
import { decisionById } from '../queries/decisions.ts';
import { identityOf } from '../queries/identity-evidence.ts';
import { recentCustomers } from '../queries/recent-customers.ts';
import { reading, redirect, Superseded, superseded } from '../reading.ts';
import type { TimelineBacking } from '../timeline-service.ts';
import { askedWith, CursorAsOf, toldOn } from './cursor-as-of.ts';
import {
  AsOfQuery,
  CustomerId,
  CustomerSchema,
  CustomersQuery,
  DecisionSchema,
  EventId,
  IdentitySchema,
} from './schemas.ts';

/** By id: no order that touchpoints could change. */
const customersCursor = defineCursor<{ after: string; asof?: z.output<typeof CursorAsOf> }>({
  name: 'customers',
  version: 1,
  place: z.object({ after: CustomerId, asof: CursorAsOf }),
});

const params = z.object({ customerid: CustomerId });

export function customerRoutes(app: App, backing: TimelineBacking): void {
  const { reader } = backing;

  app.route({
    method: 'GET',
    url: '/v1/customers',
    schema: {
      summary: 'Customers by identifier, or those touched last',
      querystring: CustomersQuery,
      headers: MinPositionHeaders,
      response: { 200: listOf(CustomerSchema) },
    },
    handler: (request, reply) => {
      const { identifier, recent = 0, limit, cursor: text } = request.query;
      const cursor = text === undefined ? undefined : customersCursor.decode(text);
      const asked = askedWith(cursor, request.query.asof);
      return reading(
        reader,
        request,
        reply,
        async (snapshot, asof) => {
          if (identifier === undefined)
            return {
              items: await customersOf(snapshot, await recentCustomers(snapshot, recent, asof), asof),
              next: null,
            };
          const all = await customersBearing(snapshot, subjectOf(identifier, backing), asof);
          const ids = all.sort().filter((id) => cursor === undefined || id > cursor.after);
          const page = ids.slice(0, limit);
          const last = page.at(-1);
          const next =
            last === undefined || ids.length <= limit
              ? null
              : customersCursor.encode({ after: last, ...toldOn(cursor, asked, asof) });
          return { items: await customersOf(snapshot, page, asof), next };
        },
        asked,
      );
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/customers/:customerid',
    schema: {
      summary: 'One customer',
      params,
      querystring: AsOfQuery,
      headers: MinPositionHeaders,
      response: { 200: CustomerSchema },
    },
    handler: async (request, reply) => {
      const { customerid } = request.params;
      const found = await reading(
        reader,
        request,
        reply,
        async (snapshot, asof) =>
          (await superseded(snapshot, customerid, asof)) ?? customer(snapshot, customerid, asof),
        request.query.asof,
      );
      return found instanceof Superseded ? redirect(request, reply, found) : found;
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/customers/:customerid/identity',
    schema: {
      summary:
        'Why these identifiers are one customer: each link with the event that proves it, each decision with who and when',
      params,
      querystring: AsOfQuery,
      headers: MinPositionHeaders,
      response: { 200: IdentitySchema },
    },
    handler: async (request, reply) => {
      const { customerid } = request.params;
      const found = await reading(
        reader,
        request,
        reply,
        async (snapshot, asof) =>
          (await superseded(snapshot, customerid, asof)) ?? identityOf(snapshot, customerid, asof),
        request.query.asof,
      );
      return found instanceof Superseded ? redirect(request, reply, found) : found;
    },
  });
}

export function decisionRoutes(app: App, { reader }: TimelineBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/decisions/:eventid',
    schema: {
      summary: 'One decision of a person about who is who',
      params: z.object({ eventid: EventId }),
      headers: MinPositionHeaders,
      response: { 200: DecisionSchema },
    },
    handler: (request, reply) =>
      reading(reader, request, reply, async (snapshot) => {
        const decision = await decisionById(snapshot, request.params.eventid.toLowerCase());
        if (decision === undefined) throw new Problem('unknown-decision');
        return decision;
      }),
  });
}

function subjectOf(text: string, { journal, defaultRegion }: TimelineBacking): string {
  const parsed = parseIdentifier(text, defaultRegion === undefined ? {} : { defaultRegion });
  if (parsed.ok) return journal.identify(parsed.identifier.uri).subject;
  throw new Problem('invalid-identifier', {
    errors: [{ pointer: '/identifier', detail: parsed.detail, in: 'query' }],
  });
}

async function customersOf(snapshot: Snapshot, ids: readonly string[], asof: AsOf): Promise<Customer[]> {
  const found: (Customer | undefined)[] = [];
  for (const id of ids) found.push(await customer(snapshot, id, asof));
  return found.filter((one) => one !== undefined);
}
