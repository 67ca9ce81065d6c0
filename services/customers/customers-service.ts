import type { Journal } from '@touchline/journal';
import {
  type App,
  defineService,
  MinPositionHeaders,
  minPositionOf,
  type PositionSource,
  waitForPosition,
} from '@touchline/service-kit';
import type { Catalogue } from '@touchline/touchpoints';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { declareNoMerge, markShared, merge, undo } from './commands.ts';
import { type Command, type Decided, decide } from './decide.ts';
import type { Directory } from './directory.ts';
import { IdempotencyHeaders } from './idempotency-key.ts';

export interface CustomersBacking {
  readonly journal: Pick<Journal, 'record' | 'readSubject' | 'identify'>;
  readonly catalogue: Pick<Catalogue, 'parse'>;
  readonly directory: Directory;
  /** How far the directory is, for `touchline-min-position`; without it the header waits for nothing. */
  readonly positions?: PositionSource;
  readonly clock: { now(): number };
  /** ISO 3166 country (`CN`) from which telephone numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
}

const customerid = z.string().regex(/^[0-9a-f]{24}$/, 'must be a customer id: 24 hex digits');
const Customer = z.object({ customerid });
const said = {
  reason: z.string().trim().min(1, 'must say why').max(2_000).describe('Why, in words'),
  department: z.string().min(1).max(64).default('service').describe('Who in the company decided'),
};
const Pair = z.strictObject({ with: z.string().max(512).describe('Customer id or identifier'), ...said });
const Undo = z.strictObject({ decision: z.uuid().describe('Event id of the decision to undo'), ...said });
const Shared = z.strictObject({ identifier: z.string().max(512), ...said });

const Answer = z
  .object({
    decision: z.uuid().nullable().describe('Event id of the decision'),
    position: z.string().nullable(),
    outcome: z.enum(['recorded', 'repeated', 'already-so']),
  })
  .meta({ id: 'Decided' });

const answers = { 200: Answer.describe('Written before, or nothing left to decide'), 201: Answer };
const headers = z.object({ ...IdempotencyHeaders.shape, ...MinPositionHeaders.shape });

/** Decisions of people about who is who. */
export const customers = defineService<CustomersBacking>({
  name: 'customers',
  title: 'Decides who is who',
  routes(app, backing) {
    const carryOut = deciding(backing);
    pairRoutes(app, backing, carryOut);
    app.post(
      '/v1/customers/:customerid/unmerge',
      { schema: { summary: 'Undo a decision', params: Customer, body: Undo, headers, response: answers } },
      (request, reply) =>
        carryOut(request, reply, () => undo({ ...request.params, ...request.body }, backing)),
    );
    app.post(
      '/v1/identifiers/shared',
      { schema: { summary: 'Several people use an identifier', body: Shared, headers, response: answers } },
      (request, reply) => carryOut(request, reply, async () => markShared(request.body, backing)),
    );
  },
});

type CarryOut = (
  request: FastifyRequest,
  reply: FastifyReply,
  command: () => Promise<Command>,
) => Promise<Decided>;

function pairRoutes(app: App, backing: CustomersBacking, carryOut: CarryOut): void {
  const pair = { params: Customer, body: Pair, headers, response: answers };
  app.post(
    '/v1/customers/:customerid/merge',
    { schema: { summary: 'Two customers are one', ...pair } },
    (request, reply) =>
      carryOut(request, reply, () => merge({ ...request.params, ...request.body }, backing)),
  );
  app.post(
    '/v1/customers/:customerid/nomerge',
    { schema: { summary: 'Two customers are not one', ...pair } },
    (request, reply) =>
      carryOut(request, reply, () => declareNoMerge({ ...request.params, ...request.body }, backing)),
  );
}

function deciding(backing: CustomersBacking): CarryOut {
  return async (request, reply, command) => {
    const minimum = minPositionOf(request);
    if (minimum !== undefined && backing.positions !== undefined) {
      await waitForPosition(minimum, backing.positions);
    }
    return decide(request, reply, await command(), backing);
  };
}
