import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import type { Relay } from './relay.ts';
import { type Answer, RelayApp } from './testing/relay-app.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';

const JOBS = '/v1/relay/republications';
const LI = 'account:shop:1';
const COUNT = 10;

let scene: RelayScene;
let relay: Relay;
let app: RelayApp;
beforeEach(async () => {
  scene = await RelayScene.open();
  await scene.record(
    ...Array.from({ length: COUNT }, (_, n) => ({ id: `e${n}`, subject: `account:shop:${n % 2}` })),
  );
  relay = await scene.start({ limits: { maxPageEvents: 3 } });
  app = await RelayApp.open(relay);
});
afterEach(async () => {
  await app.close();
  await scene.close();
});

const begin = (order: object) => app.ask('POST', JOBS, order);
const ended = async ({ body }: Answer) => {
  let seen: Answer | undefined;
  await until(async () => {
    seen = await app.ask('GET', `${JOBS}/${body.job}`);
    return seen.body.state !== 'running';
  }, 'the job ends');
  return seen?.body;
};
const positions = (topic: string) =>
  scene.broker.messages(topic).map(({ headers }) => Number(String(headers['touchline-position'])));

describe('a range of the log', () => {
  test('is published again to another topic, the ends included, and no checkpoint moves', async () => {
    await scene.published();
    const before = scene.broker.messages(TOPICS.touchpoints).length;
    const begun = await begin({ from: '3', to: '8', topic: 'again' });
    expect(begun).toMatchObject({
      status: 202,
      body: { topic: 'again', mode: 'structured', from: '3', to: '8' },
    });
    expect(await ended(begun)).toMatchObject({
      state: 'done',
      events: 6,
      total: 6,
      published: 6,
      percent: 100,
      failure: null,
    });
    expect(positions('again').sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(scene.broker.messages(TOPICS.touchpoints)).toHaveLength(before);
    await scene.published(BigInt(COUNT));
  });

  test('ends where the log does, in the mode asked for', async () => {
    const job = await ended(await begin({ from: '9', topic: 'again', mode: 'binary' }));
    expect(job).toMatchObject({ state: 'done', to: '10', mode: 'binary' });
    expect(String(scene.broker.messages('again')[0]?.headers.ce_type)).toBe('touchline.note.added.v1');
  });

  test('of one customer holds its data subjects only', async () => {
    const { subject } = scene.backing.journal.identify(LI);
    scene.customers.changed.push({ customerid: subject, subjects: [subject], position: '1' });
    const job = await ended(await begin({ from: '1', topic: 'again', customer: subject }));
    expect(job).toMatchObject({ state: 'done', events: COUNT, published: COUNT / 2 });
    expect(new Set(scene.broker.messages('again').map(({ key }) => String(key)))).toEqual(new Set([subject]));
  });

  test('goes on when the broker fails for a while', async () => {
    scene.broker.trouble.faults.push(
      { fault: 'refused', topic: 'again' },
      { fault: 'acknowledgement-lost', topic: 'again' },
    );
    expect(await ended(await begin({ from: '1', topic: 'again' }))).toMatchObject({
      state: 'done',
      failure: null,
    });
    expect([...new Set(positions('again'))]).toHaveLength(COUNT);
  });

  test('can be cancelled while the broker is away, which is told', async () => {
    await scene.published();
    scene.broker.trouble.faults.push(
      ...Array.from({ length: 10_000 }, () => ({ fault: 'refused' as const, topic: 'again' })),
    );
    const begun = await begin({ from: '1', topic: 'again' });
    const path = `${JOBS}/${begun.body.job}`;
    await until(
      async () => (await app.ask('GET', path)).body.failure === 'messaging-unavailable',
      'the failure is told',
    );
    expect(await app.ask('POST', `${path}/cancel`)).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect((await app.ask('GET', JOBS)).body.items).toHaveLength(1);
  });
});

describe('refused is', () => {
  test.each(Object.values(TOPICS))('%s, unless it is forced', async (topic) => {
    expect(await begin({ from: '1', to: '1', topic })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer: '/topic' }] },
    });
    expect(await begin({ from: '1', to: '1', topic, force: true })).toMatchObject({ status: 202 });
  });

  test.each([
    [{ from: '0', topic: 'again' }, 400],
    [{ from: '5', to: '4', topic: 'again' }, 400],
    [{ from: '1', topic: '../etc' }, 400],
    [{ from: '1', topic: '..' }, 400],
    [{ from: 'x', topic: 'again' }, 400],
    [{ from: '1', topic: 'again', customer: 'Li' }, 400],
    [{ from: '1', topic: 'again', mode: 'other' }, 400],
    [{ from: '1', topic: 'again', customer: 'f'.repeat(24) }, 404],
  ])('%j', async (order, status) => {
    expect((await begin(order)).status).toBe(status);
    expect((await app.ask('GET', JOBS)).body.items).toEqual([]);
  });

  test('one too many', async () => {
    await scene.published();
    scene.broker.trouble.beforeAnswer = () => new Promise(() => {});
    const stuck = [await begin({ from: '1', topic: 'b' }), await begin({ from: '1', topic: 'c' })];
    expect(stuck.map(({ status }) => status)).toEqual([202, 202]);
    expect(await begin({ from: '1', topic: 'd' })).toMatchObject({
      status: 409,
      body: { code: 'job-conflict' },
    });
  });

  test('a job that nobody knows', async () => {
    expect(await app.ask('GET', `${JOBS}/${randomUUID()}`)).toMatchObject({ body: { code: 'unknown-job' } });
    expect(await app.ask('POST', `${JOBS}/${randomUUID()}/cancel`)).toMatchObject({ status: 404 });
  });
});

test('what was done and what is left is shown as metrics', async () => {
  await scene.published();
  const metrics = await app.metrics();
  expect(metrics).toContain(`touchline_relay_published_total{output="touchpoints"} ${COUNT}`);
  expect(metrics).toContain('touchline_relay_lag_events{output="touchpoints"} 0');
  expect(metrics).toContain('touchline_relay_leads 1');
});
