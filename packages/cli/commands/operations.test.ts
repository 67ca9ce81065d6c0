import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeOperations } from '../testing/fake-operations.ts';
import { EXIT_CODES } from './command-error.ts';

let fake: FakeOperations;
beforeEach(async () => {
  fake = await FakeOperations.start();
});
afterEach(() => fake.stop());

const JOB = '0190a3c4-0000-7000-8000-000000000001';
const CUSTOMER = 'a'.repeat(24);

describe('touchline readmodels', () => {
  const model = {
    name: 'timeline',
    generation: 3,
    position: '7',
    head: '9',
    behind: { events: 2, seconds: 0.2 },
    lag: { events: 2, seconds: 0.2 },
    parked: { events: 4, subjects: 1, seconds: 9 },
    rate: 1_234.4,
    state: 'catching-up',
    failure: null,
  };

  test('shows how they stand, in columns', async () => {
    const broken = {
      ...model,
      name: 'care',
      generation: null,
      state: 'unavailable',
      failure: 'read-store-corrupt',
    };
    fake.answers('GET /v1/readmodels', [200, { items: [model, broken], next: null }]);
    const { code, stdout } = await fake.run('readmodels');
    expect(code).toBe(EXIT_CODES.done);
    expect(
      stdout
        .split('\n')
        .slice(0, 3)
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['READ MODEL', 'STATE', 'GENERATION', 'POSITION', 'HEAD', 'BEHIND', 'PARKED', 'RATE'],
      ['timeline', 'catching-up', '3', '7', '9', '2 (1 s)', '1 (4 touchpoints)', '1,234/s'],
      ['care', 'unavailable (read-store-corrupt)', '-', '7', '9', '2 (1 s)', '1 (4 touchpoints)', '1,234/s'],
    ]);
  });

  test('as JSON they are what the API answers', async () => {
    fake.answers('GET /v1/readmodels', [200, { items: [model], next: null }]);
    expect(JSON.parse((await fake.run('readmodels', '--json')).stdout)).toEqual({ items: [model] });
  });

  test('what cannot be had is told in words', async () => {
    fake.answers('GET /v1/readmodels', [503, { title: 'The read model is busy' }]);
    expect(await fake.run('readmodels')).toMatchObject({
      code: EXIT_CODES.failed,
      stderr: expect.stringContaining('answered 503: The read model is busy'),
    });
    fake.answers('GET /v1/readmodels', [200, { something: 'else' }]);
    expect((await fake.run('readmodels')).stderr).toContain('does not answer as this command expects');
    expect((await fake.run('readmodels', '--token', 'wrong')).stderr).toContain('Give a token with --token');
  });
});

describe('touchline parked', () => {
  const job = { job: JOB, state: 'planned', folded: 0, waiting: 0, reason: null, pastkept: null };

  test('lists who waits', async () => {
    const row = {
      subject: CUSTOMER,
      reason: null,
      position: '3',
      since: '2026-11-22T09:00:00.000Z',
      waiting: 2,
    };
    fake.answers('GET /v1/readmodels/timeline/parked', [200, { items: [row], next: null }]);
    const { stdout } = await fake.run('parked', 'timeline');
    expect(stdout).toContain(CUSTOMER);
    expect(stdout).toContain('waits behind another');
    fake.answers('GET /v1/readmodels/timeline/parked', [200, { items: [], next: null }]);
    expect((await fake.run('parked', 'timeline')).stdout).toBe('Nobody is parked.\n');
  });

  test.each([
    [{ state: 'done', folded: 3, waiting: 0 }, EXIT_CODES.done],
    [{ state: 'done', folded: 0, waiting: 3, reason: 'Error: still' }, EXIT_CODES.failed],
    [{ state: 'failed', folded: 0, waiting: 0 }, EXIT_CODES.failed],
  ])('retries one and tells what came of it: %o', async (end, code) => {
    fake.answers(`POST /v1/readmodels/timeline/parked/${CUSTOMER}/retry`, [202, job]);
    fake.answers(`GET /v1/readmodels/timeline/jobs/${JOB}`, [200, job], [200, { ...job, ...end }]);
    const ended = await fake.run('parked', 'timeline', 'retry', CUSTOMER);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain(`${end.state}: ${end.folded} folded, ${end.waiting} still wait`);
  });

  test('says when a retry could not tell the past', async () => {
    const end = { ...job, state: 'done', folded: 3, pastkept: 'more than 10000 identifiers ever met' };
    fake.answers(`POST /v1/readmodels/timeline/parked/${CUSTOMER}/retry`, [202, job]);
    fake.answers(`GET /v1/readmodels/timeline/jobs/${JOB}`, [200, end]);
    const { code, stdout } = await fake.run('parked', 'timeline', 'retry', CUSTOMER);
    expect(code).toBe(EXIT_CODES.done);
    expect(stdout).toContain('needs a rebuild: more than 10000 identifiers ever met');
  });

  test('retries everybody', async () => {
    fake.answers('POST /v1/readmodels/timeline/parked/retry', [202, { asked: 500, left: 7 }]);
    const ended = await fake.run('parked', 'timeline', '--all');
    expect(ended).toMatchObject({
      code: EXIT_CODES.done,
      stdout: expect.stringContaining('7 more are left'),
    });
  });

  test('repairs one', async () => {
    fake.answers(`POST /v1/readmodels/timeline/customers/${CUSTOMER}/repair`, [202, job]);
    fake.answers(`GET /v1/readmodels/timeline/jobs/${JOB}`, [200, { ...job, state: 'done', folded: 9 }]);
    expect(await fake.run('repair', 'timeline', CUSTOMER)).toMatchObject({ code: EXIT_CODES.done });
  });
});

test('touchline rollback tells which generation is live again', async () => {
  fake.answers('POST /v1/readmodels/timeline/rollback', [200, { generation: 4 }]);
  expect((await fake.run('rollback', 'timeline')).stdout).toBe('timeline: generation 4 is live again\n');
});

describe('touchline log', () => {
  const event = (position: number, sealed: object | null) => ({
    position: String(position),
    recordedtime: '2026-11-22T09:00:00.000Z',
    type: 'touchline.note.added.v1',
    stream: 'subject-1',
    envelope: { department: 'sales' },
    data: { channel: 'web' },
    sealed,
  });

  test('reads on, also over pages without a hit, until it has as many as wished', async () => {
    fake.answers(
      'GET /v1/log',
      [200, { items: [event(1, { characters: 88 })], next: 'c1' }],
      [200, { items: [], next: 'c2' }],
      [200, { items: [event(9, null)], next: 'c3' }],
    );
    const { code, stdout } = await fake.run('log', '--type', 'touchline.note.added.v1', '--limit', '2');
    expect(code).toBe(EXIT_CODES.done);
    const [first, second] = stdout.trim().split('\n');
    expect(first).toContain('{"department":"sales","data":{"channel":"web"}}  [sealed: 88 characters]');
    expect(second).not.toContain('sealed');
    expect(fake.asked.map(({ path }) => path)).toEqual([
      '/v1/log?limit=2&type=touchline.note.added.v1',
      '/v1/log?limit=1&type=touchline.note.added.v1&cursor=c1',
      '/v1/log?limit=1&type=touchline.note.added.v1&cursor=c2',
    ]);
  });

  test('as JSON it is an event a line', async () => {
    fake.answers('GET /v1/log', [200, { items: [event(1, null), event(2, null)], next: null }]);
    const { stdout } = await fake.run('log', '--json');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).position),
    ).toEqual(['1', '2']);
  });
});

test.each(['readmodels', 'rebuild', 'verify', 'rollback', 'parked', 'repair', 'log'])(
  'touchline %s explains itself',
  async (name) => {
    const { code, stdout } = await fake.run(name, '--help');
    expect(code).toBe(EXIT_CODES.done);
    expect(stdout).toContain(`touchline ${name}`);
    expect(stdout).toContain('--json');
  },
);
