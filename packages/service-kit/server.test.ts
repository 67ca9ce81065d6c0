import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { adminTokens } from './access.ts';
import { createServer } from './server.ts';
import { type App, defineService } from './service.ts';
import { BEARER, silentLogger, startTestServer, TOKEN } from './test-server.ts';

let app: App;
afterEach(() => app.close());

test('one server wears several services, each with a backing of its own', async () => {
  const greeting = defineService<{ word: string }>({
    name: 'greeting',
    title: 'Greets',
    routes: (scope, { word }) => {
      scope.get('/v1/greeting', async () => ({ word }));
    },
  });
  const counting = defineService<{ next(): number }>({
    name: 'counting',
    title: 'Counts',
    routes: (scope, counter) => {
      scope.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      scope.post('/v1/count', async (request) => ({ count: counter.next(), said: request.body }));
    },
  });
  app = await createServer({
    services: [
      { service: greeting, backing: { word: '你好' } },
      { service: counting, backing: { next: () => 1 } },
    ],
    access: adminTokens(TOKEN),
    logger: silentLogger(),
    config: { host: '127.0.0.1', port: 0 },
  });
  expect((await app.inject({ url: '/v1/greeting', headers: BEARER })).json()).toEqual({ word: '你好' });
  const headers = { ...BEARER, 'content-type': 'text/plain' };
  const counted = await app.inject({ method: 'POST', url: '/v1/count', headers, payload: 'one' });
  expect(counted.json()).toEqual({ count: 1, said: 'one' });
  expect(
    (await app.inject({ method: 'POST', url: '/v1/greeting', headers, payload: 'one' })).statusCode,
  ).toBe(405);
});

describe('what has no route', () => {
  async function ask(method: 'GET' | 'POST' | 'DELETE', url: string) {
    app = await startTestServer({
      routes: (scope) => {
        scope.get('/v1/things/:thing', async () => ({}));
        scope.post('/v1/things/:thing', async () => ({}));
      },
    });
    return app.inject({ method, url, headers: BEARER });
  }

  test('is 404', async () => {
    expect((await ask('GET', '/v1/nothing')).json()).toMatchObject({ status: 404, code: 'not-found' });
  });

  test('is 405 when another method has one, and says which', async () => {
    const answer = await ask('DELETE', '/v1/things/7?x=1');
    expect(answer.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  test('is 400 when the address cannot be decoded', async () => {
    expect((await ask('GET', '/v1/things/%zz')).json()).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });
});

describe('a body', () => {
  const start = async () => {
    app = await startTestServer({
      routes: (scope) => {
        scope.post('/v1/echo', { bodyLimit: 64 }, async (request) => request.body ?? null);
      },
    });
  };
  const post = (payload: string | Buffer, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/v1/echo', headers: { ...BEARER, 'content-type': type }, payload });

  test('of another type is 415', async () => {
    await start();
    expect((await post('a=1', 'application/x-www-form-urlencoded')).json()).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
    });
    expect((await post('a', 'text/plain')).statusCode).toBe(415);
  });

  test('that is too large is 413', async () => {
    await start();
    expect((await post(JSON.stringify('x'.repeat(100)))).json()).toMatchObject({
      status: 413,
      code: 'body-too-large',
    });
  });

  test('that is not JSON or not UTF-8 is 400, and says where', async () => {
    await start();
    expect((await post('{"a":1')).json()).toMatchObject({
      status: 400,
      code: 'invalid-json',
      detail: 'The text ends before its value is complete.',
    });
    expect((await post(Buffer.from([0x22, 0xff]))).json()).toMatchObject({
      status: 400,
      code: 'invalid-utf8',
      detail: 'The text is not UTF-8 at byte 1.',
    });
  });
});

test('a route that answers one media type refuses who accepts none of it', async () => {
  app = await startTestServer({
    routes: (scope) => {
      scope.get('/v1/table', { config: { produces: ['text/csv'] } }, async (_request, reply) => {
        reply.type('text/csv');
        return 'a,b';
      });
    },
  });
  const ask = (accept: string) => app.inject({ url: '/v1/table', headers: { ...BEARER, accept } });
  for (const accept of ['text/csv', 'text/*;q=0.5', '*/*', 'application/json, text/csv;q=0.1']) {
    expect((await ask(accept)).statusCode).toBe(200);
  }
  for (const accept of ['application/json', 'text/csv;q=0', 'text/plain']) {
    expect((await ask(accept)).json()).toMatchObject({ status: 406, code: 'not-acceptable' });
  }
});

test('a service may limit how often it is asked', async () => {
  app = await startTestServer({
    rateLimit: { maxRequests: 2, windowMs: 60_000 },
    routes: (scope) => {
      scope.get('/v1/things', async () => ({}));
    },
  });
  const ask = () => app.inject({ url: '/v1/things', headers: BEARER });
  expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200]);
  const held = await ask();
  expect(held.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
  expect((await app.inject({ url: '/metrics', headers: BEARER })).statusCode).toBe(200);
});

describe('readiness', () => {
  const ready = async (checks: { name: string; check(): void | Promise<void> }[]) => {
    app = await startTestServer({ checks });
    return app.inject('/health/ready');
  };

  test('lists what was checked', async () => {
    const answer = await ready([{ name: 'event-store', check: () => {} }]);
    expect(answer.json()).toEqual({ status: 'ready', checks: [{ name: 'event-store', ok: true }] });
  });

  test('names what does not work, by code and without its message', async () => {
    const answer = await ready([
      { name: 'event-store', check: () => {} },
      {
        name: 'read-store',
        check: () => Promise.reject(Object.assign(new Error('secret'), { code: 'read-store-busy' })),
      },
    ]);
    expect(answer.json()).toMatchObject({
      status: 503,
      code: 'not-ready',
      checks: [
        { name: 'event-store', ok: true },
        { name: 'read-store', ok: false, code: 'read-store-busy' },
      ],
    });
    expect(answer.body).not.toContain('secret');
  });

  test('does not wait for a check that hangs', async () => {
    const answer = await ready([{ name: 'event-store', check: () => new Promise(() => {}) }]);
    expect(answer.json()).toMatchObject({ checks: [{ name: 'event-store', ok: false, code: 'timeout' }] });
  });
});

test('measures count requests by route pattern and problems by code, and services add their own', async () => {
  app = await startTestServer({
    routes: (scope) => {
      scope.get('/v1/customers/:customerid', async () => ({}));
    },
  });
  await app.inject({ url: '/v1/customers/13800138000', headers: BEARER });
  await app.inject({ url: '/v1/nothing/13800138000', headers: BEARER });
  const { Counter } = await import('prom-client');
  new Counter({ name: 'trial_total', help: 'Trials', registers: [app.metrics] }).inc();
  const text = (await app.inject({ url: '/metrics', headers: BEARER })).body;
  const count = 'touchline_http_request_duration_seconds_count';
  expect(text).toContain(`${count}{method="GET",route="/v1/customers/:customerid",status="200"} 1`);
  expect(text).toContain(`${count}{method="GET",route="unmatched",status="404"} 1`);
  expect(text).toContain('touchline_http_problems_total{code="not-found"} 1');
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(text).toContain('trial_total 1');
  expect(text).not.toContain('13800138000');
});

describe('API description', () => {
  const start = async () => {
    app = await startTestServer({
      routes: (scope) => {
        scope.get(
          '/v1/things/:thing',
          {
            schema: {
              summary: 'One thing',
              params: z.object({ thing: z.string() }),
              response: { 200: z.object({ name: z.string() }) },
            },
          },
          async () => ({ name: 'a' }),
        );
        const body = { 'application/x-ndjson': { schema: z.object({ time: z.iso.datetime() }) } };
        scope.post('/v1/things', { config: { documentation: { body } } }, async () => ({}));
      },
    });
    return (await app.inject({ url: '/openapi.json', headers: BEARER })).json();
  };

  test('is OpenAPI 3.1 made from the schemas, and every route may answer a problem', async () => {
    const description = await start();
    expect(description.openapi).toMatch(/^3\.1/);
    const one = description.paths['/v1/things/{thing}'].get;
    expect(one).toMatchObject({ summary: 'One thing', tags: ['trial'] });
    expect(one.responses['200'].content['application/json'].schema.properties.name).toEqual({
      type: 'string',
    });
    expect(one.responses.default.content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    });
    const schema = description.paths['/v1/things'].post.requestBody.content['application/x-ndjson'].schema;
    expect(schema.properties.time).toMatchObject({ type: 'string', format: 'date-time' });
    expect(Object.keys(description.components.schemas)).toEqual(['Problem']);
    expect(description.paths['/health/live'].get.security).toEqual([]);
    expect(Object.keys(description.paths)).not.toContain('/sign-in');
  });

  test('has a page that needs nothing the content security policy forbids', async () => {
    await start();
    const page = await app.inject({ url: '/docs/', headers: BEARER });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.body).not.toMatch(/<script>|<style|\son\w+=|src="https?:|href="https?:/);
    const files = [...page.body.matchAll(/(?:src|href)="\.?([^"]+)"/g)].map(([, path]) => `/docs${path}`);
    expect(files.length).toBeGreaterThan(4);
    for (const url of files) expect((await app.inject({ url, headers: BEARER })).statusCode).toBe(200);
    expect((await app.inject('/docs/static/swagger-ui.css')).statusCode).toBe(401);
    expect((await app.inject({ url: '/docs/json', headers: BEARER })).json().openapi).toMatch(/^3\.1/);
  });
});

test('data is answered with headers that forbid to run, frame or keep it', async () => {
  app = await startTestServer({
    routes: (scope) => {
      scope.get('/v1/things', async () => ({}));
    },
  });
  const { headers } = await app.inject({ url: '/v1/things', headers: BEARER });
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
});
