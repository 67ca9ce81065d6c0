import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { describeError } from './logger.ts';
import { Problem } from './problem.ts';
import type { App } from './service.ts';
import { BEARER, recordingLogger, startTestServer, TOKEN } from './test-server.ts';

let app: App;
afterEach(() => app?.close());

const PHONE = '+8613800138000';
const NAME = 'Li Lei 李雷';
const MAIL = 'li.lei@example.com';
const PERSONAL = [
  PHONE,
  '13800138000',
  NAME,
  encodeURIComponent(NAME),
  '李雷',
  MAIL,
  encodeURIComponent(MAIL),
  'li.lei',
];

test('personal data and tokens never reach the log, whatever the request and however it fails', async () => {
  const { logger, text } = recordingLogger();
  app = await startTestServer({
    logger,
    routes: (scope) => {
      const body = z.strictObject({ phone: z.string().max(3), name: z.enum(['x']) });
      scope.post('/v1/checked', { schema: { body } }, async () => ({}));
      scope.post('/v1/fails', async (request) => {
        throw new Error(`cannot serve ${JSON.stringify(request.body)} of ${request.url}`, {
          cause: new Error(MAIL),
        });
      });
      scope.post('/v1/parses', async () => JSON.parse(`{"name":"${NAME}",}`));
      scope.post('/v1/refuses', async () => {
        throw new Problem('overloaded', { detail: `not now, ${NAME}`, members: { MAIL } });
      });
      scope.get('/v1/customers/:customerid', async (request) => {
        request.log.info(
          { token: TOKEN, headers: request.headers, body: MAIL, url: request.url },
          'things logged carelessly',
        );
        return {};
      });
      scope.get('/v1/twice', async (_request, reply) => {
        reply.send({});
        reply.send({});
        return reply;
      });
    },
  });
  const query = `?identifier=${encodeURIComponent(`tel:${PHONE}`)}&name=${encodeURIComponent(NAME)}&mail=${MAIL}`;
  const payload = { phone: PHONE, name: NAME, mail: MAIL };
  for (const path of ['checked', 'fails', 'parses', 'refuses', 'nothing']) {
    await app.inject({ method: 'POST', url: `/v1/${path}${query}`, headers: BEARER, payload });
  }
  const gets = [
    `/v1/customers/${PHONE}${query}`,
    `/v1/twice${query}`,
    `/v1/nothing/${MAIL}${query}`,
    `/${MAIL}%zz`,
  ];
  for (const url of gets) await app.inject({ url, headers: { ...BEARER, cookie: `name=${MAIL}` } });
  await app.inject({ url: `/?token=${TOKEN}`, headers: { accept: 'text/html' } });
  await app.inject({ url: '/v1/twice', headers: { authorization: `Bearer ${MAIL}` } });
  const log = text();
  for (const personal of [...PERSONAL, TOKEN]) expect(log).not.toContain(personal);
  for (const expected of [
    '"/v1/customers/:customerid"',
    '"request failed"',
    '"request completed"',
    '"unmatched"',
  ]) {
    expect(log).toContain(expected);
  }
  expect(log).toContain('things logged carelessly');
});

test('our own failures keep their message in the log, foreign errors only their place', () => {
  const foreign = new SyntaxError(`Unexpected token in ${NAME}\n    at ${MAIL}`);
  const own = Object.assign(new Error('the log is full', { cause: foreign }), {
    code: 'event-store-full',
    isRetryable: true,
  });
  const described = describeError(own);
  expect(described).toMatchObject({
    code: 'event-store-full',
    message: 'the log is full',
    cause: { type: 'SyntaxError' },
  });
  expect(JSON.stringify(described)).not.toContain(NAME);
  expect(JSON.stringify(described)).not.toContain(MAIL);
});
