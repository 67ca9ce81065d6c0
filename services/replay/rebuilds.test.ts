import type { RebuildReport } from '@touchline/read-store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ReplayFixture } from './testing/replay-fixture.ts';

let scene: ReplayFixture;
beforeEach(async () => {
  scene = await ReplayFixture.open();
  await scene.startFolding();
});
afterEach(() => scene.close());

const REBUILDS = 'readmodels/counts/rebuilds';

const report: RebuildReport = {
  generation: 2,
  position: '20',
  target: '40',
  events: 20,
  total: 40,
  percent: 50,
  rate: 1_000,
  eta: 0.02,
  memoryBytes: 100_000_000,
  seconds: 0.5,
  verification: null,
  failure: null,
};

const ask = (more: object = {}) => scene.post(REBUILDS, { reason: '新索引', ...more });

describe('a rebuild', () => {
  test('is planned with what is to be read and how much; how long is not known the first time', async () => {
    await scene.record({ id: '1' }, { id: '2' }, { id: '3' });
    const answer = await ask();
    expect(answer.statusCode).toBe(202);
    const planned = answer.json();
    expect(answer.headers.location).toBe(`/v1/${REBUILDS}/${planned.job}`);
    expect(planned).toMatchObject({
      state: 'planned',
      reason: '新索引',
      by: 'admin',
      promote: 'manual',
      verify: true,
      target: '3',
      total: 3,
      events: 0,
      percent: 0,
      eta: null,
      verification: null,
    });
    expect((await scene.get(`${REBUILDS}/${planned.job}`)).json()).toEqual(planned);
    const job = await scene.claim();
    expect(job.request).toEqual({ reason: '新索引', by: 'admin', promote: 'manual', verify: true });
  });

  test('is expected to take as long as the one before took for each event, or as it is told to', async () => {
    await scene.record(...Array.from({ length: 40 }, (_, at) => ({ id: `${at}` })));
    await ask();
    await scene.report(await scene.claim(), { state: 'cancelled', report });
    const planned = (await ask()).json();
    expect(planned.eta).toBeCloseTo(1);
    await scene.report(await scene.claim(), {
      state: 'failed',
      report: { ...report, events: 0, seconds: 0 },
    });
    expect((await ask({ eventspersecond: 10 })).json().eta).toBeCloseTo(4);
  });

  test('is told as its worker tells it', async () => {
    const { job: id } = (await ask({ promote: 'auto', eventspersecond: 5_000 })).json();
    const job = await scene.claim();
    expect(job.request).toMatchObject({ promote: 'auto', eventsPerSecond: 5_000 });
    const difference = {
      table: 'counts',
      key: ['***'],
      columns: ['touchpoints'],
      live: { subject: '***', touchpoints: 2 },
      rebuilt: null,
      firstEvent: '7',
    };
    const verification = { position: '40', equal: false, tables: [{ table: 'counts', equal: false }] };
    await scene.report(job, {
      state: 'differs',
      report: { ...report, verification: { ...verification, differences: [difference] } },
    });
    const { firstEvent: firstevent, ...rest } = difference;
    expect((await scene.get(`${REBUILDS}/${id}`)).json()).toMatchObject({
      state: 'differs',
      position: '20',
      target: '40',
      percent: 50,
      rate: 1_000,
      eta: 0.02,
      generation: 2,
      memorybytes: 100_000_000,
      verification: { ...verification, differences: [{ ...rest, firstevent }] },
    });
  });

  test('is the only one of its read model until it is finished', async () => {
    await ask();
    const second = await ask();
    expect([second.statusCode, second.json().code]).toEqual([409, 'job-conflict']);
    await scene.report(await scene.claim(), { state: 'promoted', report });
    expect((await ask()).statusCode).toBe(202);
  });

  test.each([
    [{}, '/reason'],
    [{ reason: '  ' }, '/reason'],
    [{ reason: 'x'.repeat(2_001) }, '/reason'],
    [{ reason: 'why', promote: 'later' }, '/promote'],
    [{ reason: 'why', eventspersecond: 0 }, '/eventspersecond'],
    [{ reason: 'why', eventspersecond: 1.5 }, '/eventspersecond'],
    [{ reason: 'why', verify: false, promote: 'never' }, '/verify'],
    [{ reason: 'why', eventsPerSecond: 5 }, '/eventsPerSecond'],
  ])('is refused when asked for as %o', async (body, pointer) => {
    const answer = await scene.post(REBUILDS, body);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ pointer }] });
    expect((await scene.get(REBUILDS)).json().items).toEqual([]);
  });
});

describe('rebuilds', () => {
  test('are listed page by page, newest first, whatever other jobs lie between', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 5; round++) {
      ids.unshift((await ask()).json().job);
      await scene.report(await scene.claim(), { state: 'cancelled', report });
      await scene.post(`readmodels/counts/customers/${'a'.repeat(24)}/repair`);
      await scene.report(await scene.claim(), { state: 'done', report: null });
    }
    const listed: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const query: string = next === '' ? '' : `&cursor=${next}`;
      const page = (await scene.get(`${REBUILDS}?limit=2${query}`)).json();
      expect(page.items.length).toBeLessThanOrEqual(2);
      listed.push(...page.items.map(({ job }: { job: string }) => job));
      next = page.next;
    }
    expect(listed).toEqual(ids);
  });

  test.each(['?limit=0', '?limit=101', '?cursor=what', '?state=paused'])('refuse %s', async (query) => {
    expect((await scene.get(`${REBUILDS}${query}`)).statusCode).toBe(400);
  });
});

describe('steering', () => {
  test.each([
    ['running', 'pause', 202],
    ['catching-up', 'pause', 202],
    ['paused', 'pause', 409],
    ['paused', 'resume', 202],
    ['running', 'resume', 409],
    ['running', 'cancel', 202],
    ['differs', 'cancel', 202],
    ['promoted', 'cancel', 409],
    ['ready', 'verify', 202],
    ['running', 'verify', 409],
    ['ready', 'promote', 202],
    ['differs', 'promote', 202],
    ['running', 'promote', 409],
    ['failed', 'promote', 409],
  ] as const)('one that is %s: %s answers %i', async (state, wish, status) => {
    const { job: id } = (await ask()).json();
    await scene.report(await scene.claim(), { state, report });
    const answer = await scene.post(`${REBUILDS}/${id}/${wish}`);
    expect(answer.statusCode).toBe(status);
    if (status === 202) expect(answer.json()).toMatchObject({ state, wish });
    else
      expect(answer.json()).toMatchObject({
        code: 'wrong-job-state',
        detail: expect.stringContaining(state),
      });
    expect((await scene.get(`${REBUILDS}/${id}`)).json().wish).toBe(status === 202 ? wish : null);
  });

  test('a job that is not there, or is no rebuild, is unknown', async () => {
    const other = (await scene.post(`readmodels/counts/customers/${'a'.repeat(24)}/repair`)).json();
    for (const id of [other.job, '0190a3c4-0000-7000-8000-000000000000']) {
      expect((await scene.get(`${REBUILDS}/${id}`)).json().code).toBe('unknown-job');
      expect((await scene.post(`${REBUILDS}/${id}/pause`)).json().code).toBe('unknown-job');
    }
    expect((await scene.get(`${REBUILDS}/not-an-id`)).statusCode).toBe(400);
  });
});

describe('as server-sent events', () => {
  const stream = (id: string) => scene.get(`${REBUILDS}/${id}`, { accept: 'text/event-stream' });

  test('each change comes once, and the stream ends when the rebuild is finished', async () => {
    const { job: id } = (await ask()).json();
    const job = await scene.claim();
    await scene.report(job, { state: 'running', report });
    const streaming = stream(id);
    const later = setTimeout(() => {
      void scene.report(job, { state: 'promoted', report: { ...report, percent: 100 } });
    }, 700);
    const answer = await streaming;
    clearTimeout(later);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    const told = [...answer.body.matchAll(/event: rebuild\ndata: (.*)\n/g)].map(([, data]) =>
      JSON.parse(data ?? ''),
    );
    expect(told.map(({ state, percent }) => [state, percent])).toEqual([
      ['running', 50],
      ['promoted', 100],
    ]);
  });

  test('one that is finished already is told once', async () => {
    const { job: id } = (await ask()).json();
    await scene.report(await scene.claim(), { state: 'failed', report: { ...report, failure: 'disk full' } });
    expect((await stream(id)).body.match(/event: rebuild/g)).toHaveLength(1);
  });

  test('what is neither JSON nor events is not acceptable', async () => {
    const { job: id } = (await ask()).json();
    expect((await scene.get(`${REBUILDS}/${id}`, { accept: 'text/csv' })).statusCode).toBe(406);
    expect((await scene.get(`${REBUILDS}/${id}`, { accept: '*/*' })).json().job).toBe(id);
  });
});
