import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeOperations } from '../testing/fake-operations.ts';
import { startTouchline } from '../testing/run-touchline.ts';
import { EXIT_CODES } from './command-error.ts';

const JOB = '0190a3c4-0000-7000-8000-000000000001';
const CUSTOMER = 'a'.repeat(24);
const JOBS = '/v1/relay/republications';

let fake: FakeOperations;
beforeEach(async () => {
  fake = await FakeOperations.start();
});
afterEach(() => fake.stop());

const running = {
  job: JOB,
  state: 'running',
  topic: 'again',
  mode: 'binary',
  from: '3',
  to: '8',
  events: 2,
  total: 6,
  published: 2,
  percent: 33,
  rate: 10,
  eta: 1,
  failure: null,
};
const done = { ...running, state: 'done', events: 6, published: 6, percent: 100, eta: null };
const asked = ['republish', '--from', '3', '--topic', 'again'];

describe('touchline republish', () => {
  test('orders a range, follows it and tells what was published', async () => {
    fake.answers(`POST ${JOBS}`, [202, running]);
    fake.answers(`GET ${JOBS}/${JOB}`, [200, running], [200, done]);
    const options = ['--to', '8', '--customer', CUSTOMER, '--mode', 'binary', '--force'];
    const ended = await fake.run(...asked, ...options);
    expect(ended).toMatchObject({
      code: EXIT_CODES.done,
      stdout: 'again: done, 6 messages of positions 3 to 8\n',
    });
    expect(fake.asked[0]?.body).toEqual({
      from: '3',
      to: '8',
      customer: CUSTOMER,
      topic: 'again',
      mode: 'binary',
      force: true,
    });
  });

  test('answers in JSON', async () => {
    fake.answers(`POST ${JOBS}`, [202, done]);
    const { stdout, stderr } = await fake.run(...asked, '--json');
    expect(JSON.parse(stdout)).toEqual(done);
    expect(stderr).toBe('');
    expect(fake.asked[0]?.body).toEqual({ from: '3', topic: 'again' });
  });

  test.each([
    [{ ...running, state: 'failed', failure: 'topic-missing' }, 'topic-missing'],
    [{ ...running, state: 'cancelled' }, 'cancelled'],
  ])('fails where it did not come to its end', async (end, words) => {
    fake.answers(`POST ${JOBS}`, [202, end]);
    expect(await fake.run(...asked)).toMatchObject({
      code: EXIT_CODES.failed,
      stdout: expect.stringContaining(words),
    });
  });

  test('--cancel ends one', async () => {
    fake.answers(`POST ${JOBS}/${JOB}/cancel`, [200, { ...running, state: 'cancelled' }]);
    expect(await fake.run('republish', '--cancel', JOB)).toMatchObject({ code: EXIT_CODES.done });
  });

  test.each([
    [['republish'], '--from and --topic'],
    [['republish', '--topic', 'again'], '--from and --topic'],
    [['republish', '--from', 'x', '--topic', 'again'], '--from takes a position'],
    [[...asked, '--to', '-1'], '--to takes a position'],
    [[...asked, '--mode', 'loud'], '--mode is structured or binary'],
    [[...asked, '--dry-run'], 'no option --dry-run'],
  ])('%j is wrong use, and nothing is asked', async (args, words) => {
    expect(await fake.run(...args)).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringContaining(words),
    });
    expect(fake.asked).toEqual([]);
  });

  test('a refusal is told in words', async () => {
    fake.answers(`POST ${JOBS}`, [
      400,
      {
        title: 'The request is not valid',
        errors: [{ pointer: '/topic', detail: 'is a topic the relay feeds' }],
      },
    ]);
    const { code, stderr } = await fake.run(...asked);
    expect(code).toBe(EXIT_CODES.failed);
    expect(stderr).toContain('/topic is a topic the relay feeds');
  });

  test('Ctrl-C only stops watching, and tells how to end it', async () => {
    fake.answers(`POST ${JOBS}`, [202, running]);
    fake.answers(`GET ${JOBS}/${JOB}`, [200, running]);
    const { child, ended } = startTouchline(asked, fake.environment);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = setInterval(() => {
      if (fake.asked.some(({ method }) => method === 'GET')) resolve();
    }, 20);
    await promise;
    clearInterval(look);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(EXIT_CODES.interrupted);
    expect(stderr).toContain(`--cancel ${JOB}`);
  });
});
