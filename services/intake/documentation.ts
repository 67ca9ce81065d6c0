import type { RouteDocumentation } from '@touchline/service-kit';
import { z } from 'zod';

const Event = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().describe('Unique within the source; with it, the idempotency key'),
    source: z.string().describe('URI-reference of the feeding system'),
    type: z.string().describe('A type of GET /v1/event-types'),
    time: z.iso.datetime({ offset: true }).describe('When it happened, with offset'),
    department: z.string().describe('Who in the company touched the customer'),
    subject: z.string().optional().describe('The customer as the producer knows them: one identifier'),
    data: z.looseObject({}).describe('The body, by type'),
  })
  .meta({ description: 'A CloudEvent (1.0)' });

const Receipt = z
  .object({
    source: z.string(),
    id: z.string(),
    eventid: z.uuid(),
    position: z.string(),
    duplicate: z.boolean(),
  })
  .meta({
    id: 'Receipt',
    description: 'One event is recorded. With `?validate=only`: `valid`, and no position.',
  });

const Summary = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    position: z.string().nullable(),
    rejections: z.array(
      z.object({
        index: z.int(),
        source: z.string().optional(),
        id: z.string().optional(),
        code: z.string(),
        detail: z.string(),
        errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
      }),
    ),
  })
  .meta({ id: 'Summary', description: 'What became of each event of a batch or an upload' });

/** `POST /v1/events` reads its bodies itself, so that each is read once; this only describes them. */
export const EVENTS_DOCUMENTATION: RouteDocumentation = {
  querystring: z.object({
    validate: z.enum(['only']).optional().describe('Checks and records nothing'),
  }),
  body: {
    'application/cloudevents+json': { schema: Event },
    'application/json': { schema: Event },
    'application/cloudevents-batch+json': { schema: z.array(Event) },
    'application/x-ndjson': { schema: z.string().describe('One CloudEvent a line, any number of lines') },
  },
  response: {
    200: z.union([Receipt, Summary]).describe('A repeat of one event, or what became of many'),
    201: Receipt,
  },
};
