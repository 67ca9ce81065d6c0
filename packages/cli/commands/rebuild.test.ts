import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeOperations } from '../testing/fake-operations.ts';
import { startTouchline } from '../testing/run-touchline.ts';
import { EXIT_CODES } from './command-error.ts';

let fake: FakeOperations;
beforeEach(async () => {
  fake = await FakeOperations.start();
});
afterEach(() => fake.stop());

const JOB = '0190a3c4-0000-7000-8000-000000000001';
const CUSTOMER = 'a'.repeat(24);
const REBUILDS = '/v1/readmodels/timeline/rebuilds';

const running = {
  job: JOB,
  state: 'running',
  wish: null,
  generation: 2,
  position: '20',
  target: '40',
  events: 20,
  total: 40,
  percent: 50,
  rate: 1_000,
  eta: 3,
  seconds: 75.4,
  verification: null,
  failure: null,
};
const equal = { position: '40', equal: true, tables: [{ table: 'entries', equal: true }], differences: [] };
const different = {
  position: '40',
  equal: false,
  tables: [
    { table: 'entries', equal: true },
    { table: 'profiles', equal: false },
  ],
  differences: [
    {
      table: 'profiles',
      key: ['***'],
      columns: ['touchpoints'],
      live: { subject: '***', touchpoints: 2 },
      rebuilt: { subject: '***', touchpoints: 3 },
      firstevent: '7',
    },
    { table: 'profiles', key: [5], columns: [], live: null, rebuilt: {}, firstevent: null },
    { table: 'profiles', key: [6], columns: ['words'], live: {}, rebuilt: {}, firstevent: null },
  ],
};

describe('touchline rebuild', () => {
  test.each([
    [{ state: 'promoted', verification: equal }, EXIT_CODES.done, 'promoted, 20 touchpoints in 1 min 15 s'],
    [
      { state: 'ready', verification: equal },
      EXIT_CODES.done,
      '"touchline rebuild timeline promote" makes it live',
    ],
    [{ state: 'differs', verification: different }, EXIT_CODES.differs, '≠ profiles'],
    [{ state: 'failed', failure: 'ReadStoreError: full' }, EXIT_CODES.failed, 'ReadStoreError: full'],
    [{ state: 'cancelled' }, EXIT_CODES.failed, 'cancelled'],
    [{ state: 'paused' }, EXIT_CODES.failed, 'paused'],
  ])('that ends as %o', async (end, code, words) => {
    fake.answers(`POST ${REBUILDS}`, [202, { ...running, state: 'planned', percent: 0 }]);
    fake.answers(`GET ${REBUILDS}/${JOB}`, [200, running], [200, { ...running, ...end }]);
    const ended = await fake.run('rebuild', 'timeline', '--promote', '--rate', '500', '--reason', '新索引');
    expect(ended).toMatchObject({ code, stdout: expect.stringContaining(words) });
    expect(fake.asked[0]).toMatchObject({
      method: 'POST',
      body: { reason: '新索引', promote: 'auto', verify: true, eventspersecond: 500 },
    });
  });

  test('shows what differs: table, key, both values, first event', async () => {
    fake.answers(`POST ${REBUILDS}`, [202, { ...running, state: 'differs', verification: different }]);
    const { stdout } = await fake.run('rebuild', 'timeline');
    expect(stdout).toContain('compared at position 40: DIFFERENT');
    expect(stdout).toContain('profiles ["***"], first event 7\n    touchpoints: live 2, rebuilt 3');
    expect(stdout).toContain('profiles [5]\n    only rebuilt');
    expect(stdout).toContain('profiles [6]\n    words: differs');
  });

  test('is watched over a restart of the server', async () => {
    fake.answers(`POST ${REBUILDS}`, [202, running]);
    const done = { ...running, state: 'promoted', verification: equal };
    fake.answers(`GET ${REBUILDS}/${JOB}`, 'disconnect', [503, {}], [200, done]);
    const { code, stdout } = await fake.run('rebuild', 'timeline', '--manual', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([EXIT_CODES.done, done]);
    expect(fake.asked[0]?.body).toMatchObject({ promote: 'manual' });
  });

  test('one under way already is told', async () => {
    fake.answers(`POST ${REBUILDS}`, [409, { title: 'x', detail: 'Another rebuild is not finished.' }]);
    const { code, stdout } = await fake.run('rebuild', 'timeline', '--json');
    expect([code, JSON.parse(stdout).error.message]).toEqual([
      EXIT_CODES.failed,
      expect.stringContaining('Another rebuild is not finished.'),
    ]);
  });

  test('Ctrl-C stops watching, and says that it goes on', async () => {
    fake.answers(`POST ${REBUILDS}`, [202, running]);
    fake.answers(`GET ${REBUILDS}/${JOB}`, [200, running]);
    const { child, ended } = startTouchline(['rebuild', 'timeline'], fake.environment);
    const timer = setInterval(() => {
      if (fake.asked.length < 3) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 50);
    const { code, stderr } = await ended;
    clearInterval(timer);
    expect([code, stderr]).toEqual([EXIT_CODES.interrupted, expect.stringContaining('the rebuild goes on')]);
  });

  test.each([
    [['rebuild'], 'name'],
    [['rebuild', 'timeline', '--promote', '--manual'], 'choose one'],
    [['rebuild', 'timeline', '--rate', '0'], '--rate'],
    [['rebuild', 'timeline', 'explode'], 'explode'],
    [['rebuild', 'timeline', '--dry-run'], '--dry-run'],
    [['parked', 'timeline', 'retry'], 'takes a customer'],
    [['parked', 'timeline', 'drop', CUSTOMER], 'not to drop'],
    [['log', '--limit', 'all'], '--limit'],
  ])('%j is wrong use, and nothing is asked for', async (args, words) => {
    expect(await fake.run(...args)).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringMatching(new RegExp(words, 'i')),
    });
    expect(fake.asked).toEqual([]);
  });
});

describe('touchline rebuild <name> <action>', () => {
  test.each([
    ['pause', 'paused', EXIT_CODES.done],
    ['cancel', 'cancelled', EXIT_CODES.done],
    ['promote', 'promoted', EXIT_CODES.done],
    ['cancel', 'promoted', EXIT_CODES.failed],
    ['resume', 'ready', EXIT_CODES.done],
  ])('%s that leads to %s', async (action, state, code) => {
    fake.answers(`GET ${REBUILDS}`, [200, { items: [running], next: null }]);
    fake.answers(`POST ${REBUILDS}/${JOB}/${action}`, [202, { ...running, state: 'ready', wish: action }]);
    fake.answers(
      `GET ${REBUILDS}/${JOB}`,
      [200, { ...running, state: 'ready', wish: action }],
      [200, { ...running, state }],
    );
    expect((await fake.run('rebuild', 'timeline', action)).code).toBe(code);
  });

  test('without a rebuild under way there is nothing to steer', async () => {
    fake.answers(`GET ${REBUILDS}`, [200, { items: [{ ...running, state: 'promoted' }], next: null }]);
    expect(await fake.run('rebuild', 'timeline', 'cancel')).toMatchObject({
      code: EXIT_CODES.failed,
      stderr: expect.stringContaining('No rebuild of timeline is under way'),
    });
  });
});

test.each([
  [equal, EXIT_CODES.done],
  [different, EXIT_CODES.differs],
])('touchline verify compares and leaves nothing behind', async (verification, code) => {
  fake.answers(`POST ${REBUILDS}`, [202, running]);
  fake.answers(`GET ${REBUILDS}/${JOB}`, [200, { ...running, state: 'done', verification }]);
  expect((await fake.run('verify', 'timeline')).code).toBe(code);
  expect(fake.asked[0]?.body).toMatchObject({ promote: 'never' });
});
