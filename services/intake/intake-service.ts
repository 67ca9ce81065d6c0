import type { Backing } from '@touchline/backing';
import type { Journal } from '@touchline/journal';
import { type App, defineService, type InputError, Problem } from '@touchline/service-kit';
import type { Catalogue } from '@touchline/touchpoints';
import type { FastifyRequest } from 'fastify';
import { kindOfBody, readBodies, withLimitTold } from './bodies.ts';
import { EVENTS_DOCUMENTATION } from './documentation.ts';
import { eventTypeRoutes } from './event-types.ts';
import { DEFAULT_LIMITS, type IntakeLimits } from './limits.ts';
import { OutcomeCounts } from './outcome-counts.ts';
import { receiveBatch, receiveLines } from './receive-many.ts';
import { receiveOne } from './receive-one.ts';
import { RecordQueue } from './record-queue.ts';
import type { UploadParts } from './upload.ts';

/** What the front door works with. */
export interface IntakeBacking {
  readonly journal: Pick<Journal, 'draft' | 'record' | 'head'>;
  readonly catalogue: Pick<Catalogue, 'parse' | 'types' | 'jsonSchema' | 'nearest'>;
  /** What the journal seals with, to see whether it answers: it may be on another machine. */
  readonly keyRing: Pick<Backing['keyRing'], 'find'>;
  readonly clock: { now(): number };
  /** ISO 3166 country (`CN`) from which telephone numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
  readonly limits?: Partial<IntakeLimits>;
}

export const intake = defineService<IntakeBacking>({
  name: 'intake',
  title: 'Takes touchpoints in',
  checks: ({ journal, keyRing }) => [
    { name: 'log', check: async () => void (await journal.head()) },
    { name: 'keys', check: async () => void (await keyRing.find([])) },
  ],
  routes(app, backing) {
    const limits = { ...DEFAULT_LIMITS, ...backing.limits };
    readBodies(app, limits);
    eventsRoute(app, backing, limits);
    eventTypeRoutes(app, backing.catalogue);
  },
});

function eventsRoute(app: App, backing: IntakeBacking, limits: IntakeLimits): void {
  const { journal } = backing;
  const queue = new RecordQueue(journal, limits);
  const counts = new OutcomeCounts(app.metrics);
  const one = { queue, examiner: backing, counts };
  const uploadParts = (request: FastifyRequest, validateOnly: boolean): UploadParts => ({
    journal,
    examiner: backing,
    limits,
    counts,
    validateOnly,
    onDefect: (err) => request.log.error({ err }, 'touchpoint could not be recorded'),
  });
  app.route({
    method: 'POST',
    url: '/v1/events',
    schema: { summary: 'Record touchpoints', tags: ['intake'] },
    config: { documentation: EVENTS_DOCUMENTATION },
    errorHandler: (error, request) => {
      throw withLimitTold(error, request, limits);
    },
    handler: (request, reply) => {
      const validateOnly = asksToValidateOnly(request);
      switch (kindOfBody(request)) {
        case 'lines':
          return receiveLines(request, reply, uploadParts(request, validateOnly));
        case 'batch':
          return receiveBatch(request, reply, uploadParts(request, validateOnly));
        default:
          return receiveOne(request, reply, one, validateOnly);
      }
    },
  });
}

/** Whoever misspells it means to record nothing: what is not known is refused. */
function asksToValidateOnly(request: FastifyRequest): boolean {
  const query = request.query as Readonly<Record<string, unknown>>;
  const errors: InputError[] = [];
  for (const name in query) {
    if (name === 'validate' && query[name] === 'only') continue;
    const detail = name === 'validate' ? 'must be left out or be: only' : 'is not known here';
    errors.push({ pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail, in: 'query' });
  }
  if (errors.length > 0) throw new Problem('invalid-request', { errors });
  return query.validate === 'only';
}
