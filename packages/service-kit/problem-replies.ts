import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problem-mapping.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { describe } from './request-log.ts';
import { DATA_HEADERS } from './security-headers.ts';

const MEDIA_TYPE = 'application/problem+json; charset=utf-8';
/** How long a client may go on sending a body that was refused, so that it gets to read the answer. */
const LINGER_MS = 2_000;

/** Answers every error of every route as problem details. */
export const problemReplies = fastifyPlugin<{ metrics: Metrics }>(async (app, { metrics }) => {
  app.setErrorHandler((error, request, reply) => answerProblem(problemOf(error), request, reply, metrics));
});

export function answerProblem(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: Metrics,
): void {
  metrics.problem(problem.code);
  if (problem.status >= 500) logFailure(problem, request);
  if (request.raw.complete === false) letTheClientFinish(request, reply);
  reply.code(problem.status).headers(DATA_HEADERS).headers(problem.headers).type(MEDIA_TYPE);
  reply.send(JSON.stringify(problem.toDocument(`urn:touchline:request:${request.id}`)));
}

function logFailure(problem: Problem, request: FastifyRequest): void {
  const line = { ...describe(request), code: problem.code, err: problem.cause ?? problem };
  if (problem.status === 500) request.log.error(line, 'request failed');
  else request.log.warn(line, 'request could not be served');
}

/**
 * Closing a connection while the client still sends resets it, and the client may never see the answer. So what is
 * still coming is read and thrown away, for a moment; a client that has not finished by then is cut off.
 */
function letTheClientFinish(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  reply.removeHeader('connection');
  const timer = setTimeout(() => raw.socket.destroy(), LINGER_MS);
  timer.unref();
  for (const event of ['end', 'close', 'error']) raw.once(event, () => clearTimeout(timer));
  raw.resume();
}

/** An answer to what is no HTTP at all: there is no request yet, only a socket. */
export function answerBrokenRequest(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const code = BROKEN[error.code ?? ''] ?? 'invalid-request';
  const body = JSON.stringify(new Problem(code).toDocument('urn:touchline:request:none'));
  socket.end(
    `HTTP/1.1 ${PROBLEMS[code].status} ${PROBLEMS[code].title}\r\ncontent-type: ${MEDIA_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const BROKEN: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};
