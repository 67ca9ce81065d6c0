import type { App } from '@touchline/service-kit';
import { z } from 'zod';
import { correct, retract } from './amend.ts';
import { type CarryOut, commandHeaders, said } from './carry-out.ts';
import type { CustomersBacking } from './customers-service.ts';
import type { Decided } from './decide.ts';

const params = z.object({
  eventid: z.uuid('must be an event id, a UUID').describe('Event id of the record, from its receipt'),
});
const Correction = z.strictObject({
  data: z
    .record(z.string(), z.unknown(), 'must be an object: the body of the record')
    .describe('The body as it should have been, whole'),
  ...said,
});
const Retraction = z.strictObject(said);

const Answer = z
  .object({
    eventid: z.uuid().nullable().describe('Of the correction or retraction'),
    position: z.string().nullable(),
    outcome: z.enum(['recorded', 'repeated', 'already-so']),
  })
  .meta({ id: 'Amended' });

const answers = { 200: Answer.describe('Written before, or nothing left to change'), 201: Answer };

/** Corrections and retractions of records: decisions of people about what is true of a customer. */
export function amendmentRoutes(app: App, backing: CustomersBacking, carryOut: CarryOut): void {
  const shared = { params, headers: commandHeaders, response: answers };
  app.post(
    '/v1/entries/:eventid/corrections',
    {
      schema: { summary: 'The body of a record should have been another', body: Correction, ...shared },
    },
    async (request, reply) =>
      amended(
        await carryOut(request, reply, (directory) =>
          correct({ ...request.params, ...request.body }, { ...backing, directory }),
        ),
      ),
  );
  app.post(
    '/v1/entries/:eventid/retraction',
    {
      schema: {
        summary: 'A record no longer holds, for good: to restore it, record it again',
        body: Retraction,
        ...shared,
      },
    },
    async (request, reply) =>
      amended(
        await carryOut(request, reply, (directory) =>
          retract({ ...request.params, ...request.body }, { ...backing, directory }),
        ),
      ),
  );
}

function amended({ decision, position, outcome }: Decided) {
  return { eventid: decision, position, outcome };
}
