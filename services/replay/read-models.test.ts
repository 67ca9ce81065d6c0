import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventStoreError } from '@touchline/event-store';
import { systemClock } from '@touchline/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ReadModels } from './read-models.ts';
import { ReplayFixture } from './testing/replay-fixture.ts';

let scene: ReplayFixture;
const open = async () => {
  scene = await ReplayFixture.open();
};
const close = () => scene.close();

const standing = async () => (await scene.get('readmodels/counts')).json();

describe('how read models stand', () => {
  beforeEach(open);
  afterEach(close);

  test('nothing is there before the first is made', async () => {
    expect((await scene.get('readmodels')).json()).toEqual({ items: [], next: null });
  });

  test('one that follows the log is live', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' }, { id: '2' });
    const expected = {
      name: 'counts',
      generation: 1,
      position: '2',
      head: '2',
      lag: { events: 0, seconds: 0 },
      behind: { events: 0, seconds: 0 },
      parked: { subjects: 0, events: 0, seconds: 0 },
      rate: expect.any(Number),
      state: 'live',
      failure: null,
    };
    expect((await scene.get('readmodels')).json()).toEqual({ items: [expected], next: null });
    expect(await standing()).toEqual(expected);
  });

  test('one that nobody folds is behind by what was recorded, for as long as the oldest of it waits', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' });
    await scene.stopFolding();
    await scene.record({ id: '2' }, { id: '3' });
    expect(await standing()).toMatchObject({ state: 'live', behind: { events: 2 } });
    scene.aheadMs = 5_000;
    expect(await standing()).toMatchObject({ state: 'catching-up', position: '1', head: '3' });
    scene.aheadMs = 3_600_000;
    const { state, behind, lag } = await standing();
    expect([state, behind.events]).toEqual(['stalled', 2]);
    expect(behind.seconds).toBeGreaterThan(3_599);
    expect(lag).toEqual(behind);
  });

  test('one that is behind and moves is not stalled, and tells its pace', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' });
    await scene.stopFolding();
    await scene.record(...Array.from({ length: 20 }, (_, at) => ({ id: `n${at}` })));
    const since = performance.now();
    await standing();
    await scene.startFolding();
    await scene.record({ id: 'last' });
    await scene.stopFolding();
    await scene.record({ id: 'later' });
    scene.aheadMs = 20_000;
    const { rate, state } = await standing();
    expect(state).toBe('catching-up');
    // 21 events, in 20 seconds and what the steps above took.
    expect(rate).toBeGreaterThan(20.9 / (20 + (performance.now() - since) / 1_000));
    expect(rate).toBeLessThan(1.1);
  });

  test('what is parked is not applied: it counts in the lag, and does not make it behind', async () => {
    scene.failing.add('2');
    await scene.startFolding();
    await scene.record({ id: '1' }, { id: '2' }, { id: '3' }, { id: '4', subject: 'account:shop:2' });
    scene.aheadMs = 60_000;
    const { state, lag, behind, parked } = await standing();
    expect([state, behind]).toEqual(['live', { events: 0, seconds: 0 }]);
    expect(parked).toMatchObject({ subjects: 1, events: 2 });
    expect(lag).toEqual({ events: 2, seconds: parked.seconds });
    expect(parked.seconds).toBeGreaterThan(59);
  });

  test('one whose database is damaged says so, and the answer still comes', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' });
    await scene.stopFolding();
    const file = join(scene.folder, 'read-models', 'counts', 'generation-2.sqlite');
    await writeFile(file, 'this is no database '.repeat(1_000));
    const generation = await scene.backing.readStore.generations
      .begin(scene.readModel)
      .catch(() => undefined);
    expect(generation).toBeUndefined();
    await scene.backing.readStore.generations.promote('counts', 2);
    expect(await standing()).toMatchObject({ state: 'unavailable', failure: 'read-store-corrupt' });
  });
});

test('one that stands where the log knows no position says so', async () => {
  await open();
  await scene.record({ id: 'a', subject: 'account:shop:1' });
  await scene.startFolding();
  const unknown = new EventStoreError('event-store-position-unknown', 'no event is there in this log');
  const eventStore = { head: async () => 9n, count: async () => 1, readAll: () => Promise.reject(unknown) };
  const readModels = new ReadModels({ ...scene.backing, eventStore, clock: systemClock });
  expect(await readModels.standing('counts')).toMatchObject({ state: 'unavailable', failure: unknown.code });
  await close();
});

describe('generations', () => {
  beforeEach(open);
  afterEach(close);

  test('are listed, and rolled back to at once', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' });
    await scene.stopFolding();
    const { generations } = scene.backing.readStore;
    await (await generations.begin(scene.readModel)).finishLoading();
    await generations.promote('counts', 2);
    const { items } = (await scene.get('readmodels/counts/generations')).json();
    expect(items).toMatchObject([
      { number: 2, state: 'live', position: '0', bytes: expect.any(Number) },
      { number: 1, state: 'previous', position: '1', promotedtime: expect.stringMatching(/Z$/) },
    ]);
    expect(items[0].shape).toBe(items[1].shape);
    expect((await scene.post('readmodels/counts/rollback')).json()).toEqual({ generation: 1 });
    expect(await standing()).toMatchObject({ generation: 1, position: '1' });
  });

  test('where there is no earlier one, rolling back is refused', async () => {
    await scene.startFolding();
    const answer = await scene.post('readmodels/counts/rollback');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'generation-unknown']);
  });
});

describe('bad questions', () => {
  beforeAll(async () => {
    await open();
    await scene.startFolding();
  });
  afterAll(close);

  test.each([
    ['GET', 'readmodels/nothing', 404, 'unknown-read-model'],
    ['GET', 'readmodels/nothing/generations', 404, 'unknown-read-model'],
    ['GET', 'readmodels/nothing/rebuilds', 404, 'unknown-read-model'],
    ['GET', 'readmodels/nothing/parked', 404, 'unknown-read-model'],
    ['POST', 'readmodels/nothing/rollback', 404, 'unknown-read-model'],
    ['POST', 'readmodels/nothing/parked/retry', 404, 'unknown-read-model'],
    ['GET', 'readmodels/..%2Fkeys', 400, 'invalid-request'],
    ['GET', `readmodels/${'x'.repeat(65)}`, 400, 'invalid-request'],
    ['GET', 'readmodels?state=live', 400, 'invalid-request'],
    ['GET', 'readmodels/counts?verbose=1', 400, 'invalid-request'],
    ['DELETE', 'readmodels/counts', 405, 'method-not-allowed'],
  ] as const)('%s %s answers %i %s', async (method, path, status, code) => {
    const answer = await scene.app.inject({ method, url: `/v1/${path}`, headers: scene.bearer });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('every route needs a token, and is described with what it answers', async () => {
    const { paths } = (await scene.app.inject({ url: '/openapi.json', headers: scene.bearer })).json();
    const described = Object.entries<Record<string, { summary?: string; responses: object }>>(paths).filter(
      ([path]) => path.startsWith('/v1/'),
    );
    expect(described.length).toBeGreaterThan(15);
    for (const [path, methods] of described) {
      for (const [method, { summary, responses }] of Object.entries(methods)) {
        expect([path, summary]).toEqual([path, expect.stringMatching(/\w/)]);
        const answers = Object.entries<{ content?: object }>(responses as never).find(([status]) =>
          /^2/.test(status),
        );
        expect([path, answers?.[1].content]).toEqual([path, expect.anything()]);
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await scene.app.inject({ method: method.toUpperCase() as 'GET', url });
        expect([path, answer.statusCode]).toEqual([path, 401]);
      }
    }
  });
});
