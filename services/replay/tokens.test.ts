import { adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replay } from './replay-service.ts';
import { ReplayFixture } from './testing/replay-fixture.ts';

const NEVER = '0190a3c4-0000-7000-8000-000000000001';

let scene: ReplayFixture;
beforeEach(async () => {
  scene = await ReplayFixture.open();
});
afterEach(() => scene.close());

const make = (name = 'reports', more: object = {}) => scene.post('tokens', { name, role: 'admin', ...more });
const statusWith = async (token: string) =>
  (await scene.app.inject({ url: '/v1/tokens', headers: { authorization: `Bearer ${token}` } })).statusCode;

describe('making a token', () => {
  test('answers it once, to be kept nowhere on the way, and it works', async () => {
    const answer = await make('夜间报表', { expires: '2999-01-01T08:00:00+08:00' });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { token, ...record } = answer.json();
    expect(token).toMatch(/^tl_[\w-]{43}$/);
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: '夜间报表',
      role: 'admin',
      scopes: ['*'],
      createdtime: expect.stringMatching(/^\d{4}-.*Z$/),
      createdby: 'admin',
      expires: '2999-01-01T00:00:00.000Z',
      revokedtime: null,
      revokedby: null,
    });
    expect(await statusWith(token)).toBe(200);
    expect((await scene.get('tokens')).json()).toEqual({ items: [record], next: null });
  });

  test('keeps by whose token it was asked for', async () => {
    const first = (await make()).json();
    const headers = { authorization: `Bearer ${first.token}` };
    const payload = { name: 'second', role: 'admin' };
    const answer = await scene.app.inject({ method: 'POST', url: '/v1/tokens', headers, payload });
    expect(answer.json()).toMatchObject({ createdby: `token:${first.id}`, expires: null });
  });

  test.each([
    [{ role: 'reader' }, '/role', 'must be one of the roles there are: admin'],
    [{ name: '  ' }, '/name', 'must say what it is for'],
    [{ name: 'x'.repeat(101) }, '/name', 'must have at most 100 characters'],
    [{ expires: 'tomorrow' }, '/expires', expect.stringContaining('RFC 3339')],
    [{ expires: '2020-01-01T00:00:00Z' }, '/expires', 'must lie in the future'],
    [{ scopes: ['*'] }, '/scopes', 'is not known here'],
  ])('refuses %o, and says why', async (more, pointer, detail) => {
    const answer = await make('reports', more);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid-request', errors: [{ pointer, detail }] });
    expect((await scene.get('tokens')).json().items).toEqual([]);
  });

  test('leaves neither the token nor its name in the log', async () => {
    const { token, id } = (await make('Li Lei, laptop')).json();
    await scene.delete(`tokens/${id}`);
    expect(scene.log()).toMatch(new RegExp(`"tokenId":"${id}".*"by":"admin".*"token made"`));
    expect(scene.log()).toMatch(new RegExp(`"tokenId":"${id}".*"by":"admin".*"token revoked"`));
    expect(scene.log()).not.toContain(token);
    expect(scene.log()).not.toContain('Li Lei');
  });
});

test('tokens are listed a page at a time, newest first', async () => {
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await make(name)).json().id);
  const seen: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page: { items: { id: string }[]; next: string | null } = (
      await scene.get(`tokens?limit=2${next === '' ? '' : `&cursor=${next}`}`)
    ).json();
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  expect(seen).toEqual([...ids].sort().reverse());
  expect((await scene.get('tokens?cursor=nonsense')).json().code).toBe('invalid-cursor');
});

describe('revoking a token', () => {
  test('ends it, keeps who did it, and may be repeated', async () => {
    const { token, id } = (await make()).json();
    const answer = await scene.delete(`tokens/${id}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id, revokedby: 'admin', revokedtime: expect.any(String) });
    expect(await statusWith(token)).toBe(401);
    expect((await scene.delete(`tokens/${id}`)).json()).toEqual(answer.json());
  });

  test('is refused where there is no such token', async () => {
    const unknown = await scene.delete(`tokens/${NEVER}`);
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'unknown-token']);
    expect((await scene.delete('tokens/one')).statusCode).toBe(400);
  });
});

test('only an administrator makes, lists and revokes tokens', async () => {
  const reader = { id: 'token:reader', role: 'reader', scopes: ['read'] };
  const app = await createServer({
    services: [{ service: replay, backing: scene.replayBacking }],
    access: { ...adminTokens('any'), authenticate: () => reader },
    logger: createLogger({ level: 'silent' }),
    config: { host: '127.0.0.1', port: 0 },
  });
  const headers = { authorization: 'Bearer reader' };
  for (const request of [
    { method: 'POST', url: '/v1/tokens', payload: { name: 'mine', role: 'admin' } },
    { method: 'GET', url: '/v1/tokens' },
    { method: 'DELETE', url: `/v1/tokens/${NEVER}` },
  ] as const) {
    const answer = await app.inject({ ...request, headers });
    expect([request.method, answer.statusCode, answer.json().code]).toEqual([
      request.method,
      403,
      'forbidden',
    ]);
  }
  await app.close();
});
