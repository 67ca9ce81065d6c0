import type { Readable } from 'node:stream';
import { type App, assertNotEncoded, Problem } from '@touchline/service-kit';
import type { FastifyError, FastifyRequest } from 'fastify';
import { isBinaryMode } from './binary-mode.ts';
import type { IntakeLimits } from './limits.ts';

const ONE = ['application/json', 'application/cloudevents+json'];
const BATCH = 'application/cloudevents-batch+json';
const LINES = 'application/x-ndjson';
/** Content of another kind of JSON is only known as the data of an event whose attributes are in the headers. */
const OTHER_JSON = /^application\/[a-z0-9!#$&^_.-]+\+json(?:\s*;|$)/;

type Limits = Pick<IntakeLimits, 'maxTouchpointBytes' | 'maxBatchBytes'>;

/** Bodies come whole as bytes, lines as a stream; what has another type is left unread. */
export function readBodies(app: App, { maxTouchpointBytes, maxBatchBytes }: Limits): void {
  const whole = (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) =>
    done(null, body);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(ONE, { parseAs: 'buffer', bodyLimit: maxTouchpointBytes }, whole);
  app.addContentTypeParser<Buffer>(OTHER_JSON, { parseAs: 'buffer', bodyLimit: maxTouchpointBytes }, whole);
  app.addContentTypeParser<Buffer>(BATCH, { parseAs: 'buffer', bodyLimit: maxBatchBytes }, whole);
  app.addContentTypeParser(LINES, (_request, body: Readable, done) => done(null, body));
  app.addContentTypeParser('*', (_request, _body, done) => done(null, undefined));
}

/** What a body holds. Throws the problem `unsupported-media-type`, which says what would be taken. */
export function kindOfBody(request: FastifyRequest): 'one' | 'batch' | 'lines' {
  assertNotEncoded(request);
  const { mediaType } = request;
  if (mediaType === LINES) return 'lines';
  if (mediaType === BATCH) return 'batch';
  const isOne = ONE.includes(mediaType ?? '') || isBinaryMode(request.raw.headers);
  if (isOne && request.body !== undefined) return 'one';
  throw new Problem('unsupported-media-type', {
    detail: `Send one CloudEvent as application/cloudevents+json, or many as ${LINES} or ${BATCH}.`,
  });
}

/** The same error; one about the size of the body as a problem that says how large it may be. */
export function withLimitTold(error: FastifyError, request: FastifyRequest, limits: Limits): Error {
  if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return error;
  const isBatch = request.mediaType === BATCH;
  const most = isBatch
    ? `A batch has at most ${limits.maxBatchBytes} bytes`
    : `One event has at most ${limits.maxTouchpointBytes} bytes`;
  return new Problem('body-too-large', { detail: `${most}; ${LINES} takes any number of events.` });
}
