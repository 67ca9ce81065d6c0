import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { problemOf } from './problem-mapping.ts';
import { PROBLEMS } from './problems.ts';
import type { App } from './service.ts';
import { BEARER, recordingLogger, startTestServer } from './test-server.ts';

let app: App | undefined;
afterEach(() => app?.close());

class Failure extends Error {
  readonly code: string;
  readonly isRetryable: boolean;
  constructor(code: string, isRetryable: boolean) {
    super('disk says no');
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

test('the README lists every code under its status, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/\*\*(\d{3})\*\*([^*]+)/g)].flatMap(([, status, codes]) =>
    [...(codes ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => `${status} ${code}`),
  );
  const registered = Object.entries(PROBLEMS).map(([code, { status }]) => `${status} ${code}`);
  expect(listed.sort()).toEqual(registered.sort());
});

test('the API description lists every code', async () => {
  app = await startTestServer();
  const { components } = (await app.inject({ url: '/openapi.json', headers: BEARER })).json();
  expect(components.schemas.Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
});

test.each([
  [new Failure('event-store-full', true), 507, 'event-store-full', '30'],
  [new Failure('event-store-overloaded', true), 503, 'event-store-overloaded', '1'],
  [new Failure('event-store-closed', false), 503, 'event-store-closed', undefined],
  [new Failure('vault-full', true), 507, 'vault-full', '30'],
  [new Failure('read-model-loading', true), 503, 'read-model-loading', '5'],
  [new Failure('something-new', true), 503, 'unavailable', '5'],
  [new Failure('something-new', false), 500, 'internal', undefined],
  [new Failure('invalid-cursor', false), 400, 'invalid-cursor', undefined],
  [new Error('secret'), 500, 'internal', undefined],
  ['a string', 500, 'internal', undefined],
  [undefined, 500, 'internal', undefined],
])('%s becomes %i %s', (error, status, code, retryAfter) => {
  const problem = problemOf(error);
  expect(problem).toMatchObject({ status, code });
  expect(problem.headers['retry-after']).toBe(retryAfter);
});

async function throwing(error: unknown) {
  const { logger, text } = recordingLogger();
  app = await startTestServer({
    logger,
    routes: (scope) =>
      scope.get('/v1/fails', async () => {
        throw error;
      }),
  });
  return { answer: await app.inject({ url: '/v1/fails', headers: BEARER }), log: text };
}

test('a problem is answered with all its members', async () => {
  const { answer } = await throwing(
    new Problem('invalid-touchpoint', {
      detail: 'Two things are wrong.',
      errors: [{ pointer: '/time', detail: 'is required' }],
      headers: { 'x-more': '1' },
      members: { line: 7 },
    }),
  );
  expect(answer.statusCode).toBe(422);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers['x-more']).toBe('1');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    type: 'urn:touchline:problem:invalid-touchpoint',
    title: 'The touchpoint is not valid',
    status: 422,
    detail: 'Two things are wrong.',
    code: 'invalid-touchpoint',
    instance: expect.stringMatching(/^urn:touchline:request:[0-9a-f]{8}-\w+$/),
    errors: [{ pointer: '/time', detail: 'is required' }],
    line: 7,
  });
});

test('an unknown error tells the client nothing, and the log finds it by the instance', async () => {
  const { answer, log } = await throwing(new TypeError('cannot read Li Lei of undefined'));
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('Li Lei');
  expect(answer.json()).toMatchObject({ code: 'internal', title: 'Something went wrong on our side' });
  const request = answer.json().instance.split(':').at(-1);
  const line = log()
    .split('\n')
    .find((text) => text.includes('"request failed"'));
  expect(JSON.parse(line ?? '')).toMatchObject({
    request,
    level: 'error',
    route: '/v1/fails',
    err: { type: 'TypeError' },
  });
  expect(log()).not.toContain('Li Lei');
});

test('what a schema refuses is a problem with a pointer into the part of the request', async () => {
  app = await startTestServer({
    routes: (scope) =>
      scope.post(
        '/v1/things/:thing',
        {
          schema: {
            params: z.object({ thing: z.string().regex(/^[a-z]+$/, 'must be letters') }),
            querystring: z.object({ limit: z.coerce.number().max(500, 'must be at most 500').optional() }),
            body: z.object({ a: z.object({ b: z.array(z.string('must be text')) }) }),
          },
        },
        async () => ({}),
      ),
  });
  const post = async (url: string, payload: object) => {
    const answer = await app?.inject({ method: 'POST', url, headers: BEARER, payload });
    return answer?.json();
  };
  expect(await post('/v1/things/a', { a: { b: ['x', 1] } })).toMatchObject({
    status: 400,
    code: 'invalid-request',
    errors: [{ in: 'body', pointer: '/a/b/1', detail: 'must be text' }],
  });
  expect(await post('/v1/things/a?limit=501', { a: { b: [] } })).toMatchObject({
    errors: [{ in: 'query', pointer: '/limit', detail: 'must be at most 500' }],
  });
  expect(await post('/v1/things/1', { a: { b: [] } })).toMatchObject({
    errors: [{ in: 'path', pointer: '/thing', detail: 'must be letters' }],
  });
  expect(await post('/v1/things/a', [])).toMatchObject({ errors: [{ in: 'body', pointer: '' }] });
});
