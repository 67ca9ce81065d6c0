import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeOperations } from '../testing/fake-operations.ts';
import { EXIT_CODES } from './command-error.ts';

const ID = '0190a3c4-0000-7000-8000-000000000001';
const DAY_MS = 86_400_000;

let fake: FakeOperations;
beforeEach(async () => {
  fake = await FakeOperations.start();
});
afterEach(() => fake.stop());

const record = {
  id: ID,
  name: 'reports',
  role: 'admin',
  scopes: ['*'],
  createdtime: '2026-11-22T09:00:00.000Z',
  createdby: 'admin',
  expires: null,
  revokedtime: null,
  revokedby: null,
};
const made = { ...record, token: 'tl_shown-once' };
const revoked = { ...record, revokedtime: '2026-11-23T09:00:00.000Z', revokedby: 'admin' };

describe('touchline token create', () => {
  test('asks for one and answers the token alone, for a script to keep', async () => {
    fake.answers('POST /v1/tokens', [201, made]);
    const ended = await fake.run('token', 'create', '--role', 'admin', '--name', 'reports');
    expect(ended).toMatchObject({ code: EXIT_CODES.done, stdout: 'tl_shown-once\n' });
    expect(ended.stderr).toContain(`${ID}: in force`);
    expect(fake.asked).toEqual([
      { method: 'POST', path: '/v1/tokens', body: { name: 'reports', role: 'admin' } },
    ]);
  });

  test.each([
    ['90d', 90 * DAY_MS],
    ['12h', DAY_MS / 2],
  ])('that expires in %s', async (expires, spanMs) => {
    fake.answers('POST /v1/tokens', [201, made]);
    const before = Date.now();
    await fake.run('token', 'create', '--role', 'admin', '--name', 'reports', '--expires', expires);
    const { body } = fake.asked[0] as { body: { expires: string } };
    expect(Date.parse(body.expires)).toBeGreaterThanOrEqual(before + spanMs);
    expect(Date.parse(body.expires)).toBeLessThanOrEqual(Date.now() + spanMs);
  });

  test('as JSON it is what the API answers', async () => {
    fake.answers('POST /v1/tokens', [201, made]);
    const { stdout, stderr } = await fake.run('token', 'create', '--role=admin', '--name=reports', '--json');
    expect(JSON.parse(stdout)).toEqual(made);
    expect(stderr).toBe('');
  });

  test('tells which roles there are when there is none by that name', async () => {
    const errors = [{ pointer: '/role', detail: 'must be one of the roles there are: admin' }];
    fake.answers('POST /v1/tokens', [400, { title: 'The request is not valid', errors }]);
    const { code, stderr } = await fake.run('token', 'create', '--role', 'owner', '--name', 'reports');
    expect(code).toBe(EXIT_CODES.failed);
    expect(stderr).toContain('/role must be one of the roles there are: admin');
  });
});

describe('touchline token list', () => {
  test('shows every page of them', async () => {
    const expired = { ...record, name: 'old', expires: '2020-01-01T00:00:00.000Z' };
    fake.answers(
      'GET /v1/tokens',
      [200, { items: [record, revoked], next: 'c1' }],
      [200, { items: [expired], next: null }],
    );
    const { code, stdout } = await fake.run('token', 'list');
    expect(code).toBe(EXIT_CODES.done);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['ID', 'NAME', 'ROLE', 'MADE', 'BY', 'STATE'],
      [ID, 'reports', 'admin', record.createdtime, 'admin', 'in force'],
      [ID, 'reports', 'admin', record.createdtime, 'admin', `revoked ${revoked.revokedtime} by admin`],
      [ID, 'old', 'admin', record.createdtime, 'admin', `expired ${expired.expires}`],
    ]);
    expect(fake.asked.map(({ path }) => path)).toEqual([
      '/v1/tokens?limit=200',
      '/v1/tokens?limit=200&cursor=c1',
    ]);
  });

  test('as JSON it is one list', async () => {
    fake.answers('GET /v1/tokens', [200, { items: [record], next: null }]);
    expect(JSON.parse((await fake.run('token', 'list', '--json')).stdout)).toEqual({ items: [record] });
  });

  test('says when there is none', async () => {
    fake.answers('GET /v1/tokens', [200, { items: [], next: null }]);
    expect((await fake.run('token', 'list')).stdout).toContain('There is no token');
  });
});

describe('touchline token revoke', () => {
  test('ends one', async () => {
    fake.answers(`DELETE /v1/tokens/${ID}`, [200, revoked]);
    const ended = await fake.run('token', 'revoke', ID);
    expect(ended).toMatchObject({
      code: EXIT_CODES.done,
      stdout: `reports: revoked ${revoked.revokedtime} by admin\n`,
    });
    expect(JSON.parse((await fake.run('token', 'revoke', ID, '--json')).stdout)).toEqual(revoked);
  });

  test('fails for one that there is not', async () => {
    fake.answers(`DELETE /v1/tokens/${ID}`, [404, { title: 'There is no such token' }]);
    const { code, stderr } = await fake.run('token', 'revoke', ID);
    expect(code).toBe(EXIT_CODES.failed);
    expect(stderr).toContain('There is no such token');
  });
});

test.each([
  [['create', '--name', 'reports'], '--role and --name'],
  [['create', '--role', 'admin'], '--role and --name'],
  [['create', '--role', 'admin', '--name', 'x', '--expires', 'soon'], '90d or 12h'],
  [['create', '--role', 'admin', '--name', 'x', '--expires', '0d'], '90d or 12h'],
  [['revoke'], 'the id of a token'],
  [['change'], 'create, list or revoke'],
])('touchline token %o is wrong use, and nothing is asked', async (args, words) => {
  const { code, stderr } = await fake.run('token', ...args);
  expect(code).toBe(EXIT_CODES.usage);
  expect(stderr).toContain(words);
  expect(fake.asked).toEqual([]);
});

test('touchline token explains itself', async () => {
  const { code, stdout } = await fake.run('token', '--help');
  expect(code).toBe(EXIT_CODES.done);
  for (const word of ['touchline token', 'revoke', '--role', '--expires', '--json'])
    expect(stdout).toContain(word);
});
