import type { Readable } from 'node:stream';
import type { Journal } from '@touchline/journal';
import { type App, defineService, Problem } from '@touchline/service-kit';
import type { Catalogue } from '@touchline/touchpoints';
import type { FastifyRequest } from 'fastify';
import { isBinaryMode } from './binary-mode.ts';
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
  readonly journal: Pick<Journal, 'record' | 'head'>;
  readonly catalogue: Pick<Catalogue, 'parse' | 'types' | 'jsonSchema' | 'nearest'>;
  readonly clock: { now(): number };
  /** ISO 3166 country (`CN`) from which telephone numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
  readonly limits?: Partial<IntakeLimits>;
}

export const intake = defineService<IntakeBacking>({
  name: 'intake',
  title: 'Takes touchpoints in',
  checks: ({ journal }) => [{ name: 'log', check: async () => void (await journal.head()) }],
  routes(app, backing) {
    const limits = { ...DEFAULT_LIMITS, ...backing.limits };
    readBodies(app, limits);
    eventsRoute(app, backing, limits);
    eventTypeRoutes(app, backing.catalogue);
  },
});

const ONE = ['application/json', 'application/cloudevents+json'];
const BATCH = 'application/cloudevents-batch+json';
const LINES = 'application/x-ndjson';
/** Content of another kind of JSON is only known as the data of an event whose attributes are in the headers. */
const OTHER_JSON = /^application\/[a-z0-9!#$&^_.-]+\+json(?:\s*;|$)/;

function readBodies(app: App, { maxTouchpointBytes, maxBatchBytes }: IntakeLimits): void {
  const whole = (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) =>
    done(null, body);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(ONE, { parseAs: 'buffer', bodyLimit: maxTouchpointBytes }, whole);
  app.addContentTypeParser<Buffer>(OTHER_JSON, { parseAs: 'buffer', bodyLimit: maxTouchpointBytes }, whole);
  app.addContentTypeParser<Buffer>(BATCH, { parseAs: 'buffer', bodyLimit: maxBatchBytes }, whole);
  app.addContentTypeParser(LINES, (_request, body: Readable, done) => done(null, body));
}

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
  const schema = { summary: 'Record touchpoints', tags: ['intake'] };
  app.post('/v1/events', { schema, config: { documentation: EVENTS_DOCUMENTATION } }, (request, reply) => {
    const validateOnly = asksToValidateOnly(request);
    refuseEncoded(request);
    switch (request.mediaType) {
      case LINES:
        return receiveLines(request, reply, uploadParts(request, validateOnly));
      case BATCH:
        return receiveBatch(request, reply, uploadParts(request, validateOnly));
      default:
        refuseUnknown(request);
        return receiveOne(request, reply, one, validateOnly);
    }
  });
}

function asksToValidateOnly(request: FastifyRequest): boolean {
  const { validate } = request.query as { validate?: unknown };
  if (validate === undefined) return false;
  if (validate === 'only') return true;
  throw new Problem('invalid-request', {
    errors: [{ pointer: '/validate', detail: 'must be left out or be: only', in: 'query' }],
  });
}

function refuseEncoded({ raw }: FastifyRequest): void {
  const encoding = raw.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new Problem('unsupported-media-type', { detail: 'Send the body without a content encoding.' });
}

function refuseUnknown(request: FastifyRequest): void {
  if (request.body === undefined) {
    const detail = 'Send one CloudEvent as application/cloudevents+json, or many as application/x-ndjson.';
    throw new Problem('unsupported-media-type', { detail });
  }
  if (ONE.includes(request.mediaType ?? '') || isBinaryMode(request.raw.headers)) return;
  throw new Problem('unsupported-media-type');
}
