import type { Journal } from '@touchline/journal';
import { type App, defineService, type PositionSource } from '@touchline/service-kit';
import type { Catalogue } from '@touchline/touchpoints';
import { z } from 'zod';
import { amendmentRoutes } from './amendment-routes.ts';
import { type CarryOut, carryingOut, commandHeaders, said } from './carry-out.ts';
import { declareNoMerge, markShared, merge, undo } from './commands.ts';
import type { Directory } from './directory.ts';

export interface CustomersBacking {
  readonly journal: Pick<Journal, 'record' | 'readSubject' | 'identify'>;
  readonly catalogue: Pick<Catalogue, 'parse' | 'parseBody'>;
  readonly directory: Directory;
  /** How far the directory is, for `touchline-min-position`; without it the header waits for nothing. */
  readonly positions?: PositionSource;
  readonly clock: { now(): number };
  /** ISO 3166 country (`CN`) from which telephone numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
}

const customerid = z.string().regex(/^[0-9a-f]{24}$/, 'must be a customer id: 24 hex digits');
const Customer = z.object({ customerid });
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
const headers = commandHeaders;

/** Decisions of people: who is who, and what was recorded wrongly. */
export const customers = defineService<CustomersBacking>({
  name: 'customers',
  title: 'Decides who is who, and puts records right',
  routes(app, backing) {
    const carryOut = carryingOut(backing);
    pairRoutes(app, backing, carryOut);
    amendmentRoutes(app, backing, carryOut);
    app.post(
      '/v1/customers/:customerid/unmerge',
      { schema: { summary: 'Undo a decision', params: Customer, body: Undo, headers, response: answers } },
      (request, reply) =>
        carryOut(request, reply, (directory) =>
          undo({ ...request.params, ...request.body }, { ...backing, directory }),
        ),
    );
    app.post(
      '/v1/identifiers/shared',
      { schema: { summary: 'Several people use an identifier', body: Shared, headers, response: answers } },
      (request, reply) => carryOut(request, reply, async () => markShared(request.body, backing)),
    );
  },
});

function pairRoutes(app: App, backing: CustomersBacking, carryOut: CarryOut): void {
  const pair = { params: Customer, body: Pair, headers, response: answers };
  app.post(
    '/v1/customers/:customerid/merge',
    { schema: { summary: 'Two customers are one', ...pair } },
    (request, reply) =>
      carryOut(request, reply, (directory) =>
        merge({ ...request.params, ...request.body }, { ...backing, directory }),
      ),
  );
  app.post(
    '/v1/customers/:customerid/nomerge',
    { schema: { summary: 'Two customers are not one', ...pair } },
    (request, reply) =>
      carryOut(request, reply, (directory) =>
        declareNoMerge({ ...request.params, ...request.body }, { ...backing, directory }),
      ),
  );
}
