import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { AccessTokens } from './access.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { entrance } from './entrance.ts';
import { healthRoutes } from './health.ts';
import { readJson } from './json.ts';
import { assertNotEncoded } from './media-types.ts';
import { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problem-mapping.ts';
import { answerBrokenRequest, answerProblem, problemReplies } from './problem-replies.ts';
import { RequestLog, RequestLogController } from './request-log.ts';
import type { App, Check, Mounted, MountedServices } from './service.ts';

export const DEFAULT_MAX_BODY_BYTES = 256 * 1024;
/** A connection on which nothing moves for this long is cut. Event streams send a heartbeat more often. */
const MAX_SILENCE_MS = 120_000;
const MAX_CONNECTIONS = 10_000;
const IDLE_CHECK_MS = 20;
const MAX_PATH_PARAMETER_LENGTH = 600;

export interface ServerOptions<Backings extends readonly unknown[]> {
  readonly services: MountedServices<Backings>;
  readonly access: AccessTokens;
  /** What must work beside what the services check. */
  readonly checks?: readonly Check[];
  readonly logger: Logger;
  readonly config: Pick<Config, 'host' | 'port'>;
  readonly clock?: Clock;
  /** Checks every answer against its schema: for tests. Answers are trusted and typed otherwise. */
  readonly checkAnswers?: boolean;
}

/** One Fastify application wearing all the services, ready to listen or to be asked with `inject`. */
export async function createServer<const Backings extends readonly unknown[]>(
  options: ServerOptions<Backings>,
): Promise<App> {
  const { access, clock = systemClock } = options;
  const metrics = new Metrics();
  metrics.tokens(access);
  const app = bareApp(options.logger, metrics);
  const shutdown = new AbortController();
  // Every open event stream listens.
  setMaxListeners(0, shutdown.signal);
  app.decorate('metrics', metrics.registry);
  app.decorate('shutdown', shutdown.signal);
  app.decorate('admits', (principal) => principal === null || access.find(principal.id) !== undefined);
  app.addHook('preClose', async () => {
    shutdown.abort();
    letGoOfIdleConnections(app);
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(options.checkAnswers === true ? serializerCompiler : () => JSON.stringify);
  readBodiesStrictly(app);
  await app.register(problemReplies, { metrics });
  await app.register(entrance, { tokens: access, clock, metrics, ...options.config });
  const services = options.services as readonly Mounted<unknown>[];
  await app.register(openApi, {
    title: services.length === 1 ? (services[0]?.service.title ?? 'Touchline') : 'Touchline',
    tags: services.map(({ service }) => ({ name: service.name, description: service.title })),
  });
  healthRoutes(app, [
    ...services.flatMap(({ service, backing }) => service.checks?.(backing) ?? []),
    ...(options.checks ?? []),
  ]);
  metricsRoute(app, metrics);
  for (const mounted of services) await mount(app, mounted);
  giveBrowsersAStart(app);
  await app.ready();
  return app;
}

function bareApp(logger: Logger, metrics: Metrics): App {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new RequestLogController(logger),
    childLoggerFactory: (_logger, { reqId }) => new RequestLog(logger, reqId),
    genReqId: requestIds(),
    bodyLimit: DEFAULT_MAX_BODY_BYTES,
    connectionTimeout: MAX_SILENCE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER_LENGTH },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => answerProblem(problemOf(error), request, reply, metrics),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  return app.withTypeProvider<ZodTypeProvider>();
}

/** Closing only looks once for connections that are idle; those that become so while it waits are ours to close. */
function letGoOfIdleConnections(app: App): void {
  const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
  app.server.once('close', () => clearInterval(timer));
  timer.unref();
}

/** Short, unique among the processes that share a log file, and made by us: what a client sends is not repeated there. */
function requestIds(): () => string {
  const process = randomBytes(4).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}

function readBodiesStrictly(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      assertNotEncoded(request);
      const read = readJson(body);
      if (read.ok) return read.value;
      throw new Problem(read.code, { detail: read.detail });
    },
  );
}

function metricsRoute(app: App, metrics: Metrics): void {
  const schema = { summary: 'Measures in the Prometheus text format', tags: ['operations'] };
  app.get('/metrics', { schema }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}

/** Signing in leads to `/`: where no service has a page there, the API page is the next best. */
function giveBrowsersAStart(app: App): void {
  if (app.hasRoute({ method: 'GET', url: '/' })) return;
  app.get('/', { schema: { hide: true }, config: { page: true } }, (_request, reply) =>
    reply.redirect('/docs/', 302),
  );
}

async function mount(app: App, { service, backing }: Mounted<unknown>): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.schema = { tags: [service.name], ...route.schema };
    });
    if (service.rateLimit !== undefined) await limitRate(scope as App, service.rateLimit);
    await service.routes(scope as App, backing);
  });
}

async function limitRate(scope: App, limit: { maxRequests: number; windowMs: number }): Promise<void> {
  await scope.register(rateLimit, {
    max: limit.maxRequests,
    timeWindow: limit.windowMs,
    keyGenerator: (request) => `${request.principal?.id} ${request.ip}`,
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('too-many-requests', {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(ttl / 1000))) },
      }),
  });
}
