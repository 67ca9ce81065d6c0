import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { AccessTokens } from './access.ts';
import type { Clock } from './clock.ts';
import { Door } from './door.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { assertAcceptable } from './media-types.ts';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';
import { RouteTable } from './route-table.ts';
import { DATA_HEADERS, pageHeaders } from './security-headers.ts';
import type { App } from './service.ts';
import { Sessions } from './sessions.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** Only a loop that stands still for seconds gets there. */
const MAX_EVENT_LOOP_DELAY_MS = 2_000;

export interface EntranceOptions {
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly host: string;
  readonly port: number;
}

/**
 * What every request passes on its way in and out: overload, access, security headers, measures. Each route gets
 * hooks made for it when it is registered, so that nothing about the route has to be looked up per request.
 */
export const entrance = fastifyPlugin<EntranceOptions>(async (instance, options) => {
  const app = instance as unknown as App;
  const { tokens, clock, metrics, host, port } = options;
  const forPages = await pageHeaders();
  const sessions = new Sessions({ tokens, clock, port });
  const failures = new FailedAttempts({ clock });
  const door = new Door({ tokens, sessions, failures, host, shutdown: app.shutdown, pageHeaders: forPages });
  const loop = new EventLoopDelay();
  app.addHook('onClose', async () => loop.close());
  app.decorateRequest('principal', null);
  equipRoutes(app, { door, metrics, loop, pageHeaders: forPages });
  answerUnknownAddresses(app, { door, metrics });
  await app.register(async (scope) => signInRoutes(scope as unknown as App, door));
});

interface Equipment {
  readonly door: Door;
  readonly metrics: Metrics;
  readonly loop: EventLoopDelay;
  readonly pageHeaders: Readonly<Record<string, string>>;
}

function equipRoutes(app: App, { door, metrics, loop, pageHeaders: forPages }: Equipment): void {
  app.addHook('onRoute', (route) => {
    const config = route.config ?? {};
    const isPage = config.page === true || route.url.startsWith('/docs');
    const headers = isPage ? forPages : DATA_HEADERS;
    const enter = config.access === 'public' ? door.public : door.guarded;
    const isAlwaysServed = route.url === '/metrics' || route.url.startsWith('/health/');
    const onRequest: onRequestHookHandler = (request, reply, done) => {
      reply.headers(headers);
      if (!isAlwaysServed && loop.lateMs > MAX_EVENT_LOOP_DELAY_MS) return done(overloaded());
      if (config.produces !== undefined) assertAcceptable(request, config.produces);
      enter(request, reply, done);
    };
    route.onRequest = [onRequest, ...[route.onRequest ?? []].flat()];
    const record = metrics.requests(String(route.method), route.url);
    const onResponse = (_request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      record(reply.statusCode, reply.elapsedTime);
      done();
    };
    route.onResponse = [onResponse, ...[route.onResponse ?? []].flat()];
  });
}

/** Addresses that do not exist are behind the door too: without a token nobody learns what exists. */
function answerUnknownAddresses(app: App, { door, metrics }: Pick<Equipment, 'door' | 'metrics'>): void {
  const routes = new RouteTable();
  app.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) door.guarded(request, reply, done);
    else done();
  });
  app.setNotFoundHandler((request, reply) => {
    metrics.requests(request.method, 'unmatched')(404, reply.elapsedTime);
    const methods = routes.methodsAt(request.url.split('?', 1)[0] ?? '');
    // A route may itself find nothing at an address it answers for, as that of the files under /docs does.
    if (methods.length === 0 || methods.includes(request.method)) throw new Problem('not-found');
    throw new Problem('method-not-allowed', { headers: { allow: methods.join(', ') } });
  });
}

function overloaded(): Problem {
  return new Problem('overloaded', { headers: { 'retry-after': '1' } });
}
