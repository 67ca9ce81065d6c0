import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ReplayFixture } from './testing/replay-fixture.ts';

let scene: ReplayFixture;
const open = async () => {
  scene = await ReplayFixture.open();
};
const close = () => scene.close();

const account = (number: number) => `account:shop:${number}`;

/** As many customers as wished, each parked by its first event, with a second one waiting. */
async function park(customers: number): Promise<void> {
  const notes = Array.from({ length: customers }, (_, at) => ({ id: `bad${at}`, subject: account(at) }));
  for (const { id } of notes) scene.failing.add(id);
  await scene.startFolding();
  await scene.record(...notes, ...notes.map((note) => ({ ...note, id: `after ${note.id}` })));
}

describe('parked customers', () => {
  beforeEach(open);
  afterEach(close);

  test('are listed with reason, first event, since when and how many wait', async () => {
    await park(1);
    const answer = await scene.get('readmodels/counts/parked');
    expect(answer.headers['touchline-position']).toBe('2');
    expect(answer.json()).toEqual({
      items: [
        {
          subject: scene.subjectOf(account(0)),
          reason: 'Error: this touchpoint cannot be counted',
          position: '1',
          since: expect.stringMatching(/^\d{4}-.*Z$/),
          waiting: 2,
        },
      ],
      next: null,
    });
  });

  test('are paged, longest waiting first', async () => {
    await park(7);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const query: string = next === '' ? '' : `&cursor=${next}`;
      const page = (await scene.get(`readmodels/counts/parked?limit=3${query}`)).json();
      seen.push(...page.items.map(({ position }: { position: string }) => position));
      next = page.next;
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  test('are retried one by one; a retry under way is not asked for twice', async () => {
    await park(1);
    const subject = scene.subjectOf(account(0));
    const retry = await scene.post(`readmodels/counts/parked/${subject}/retry`);
    expect(retry.statusCode).toBe(202);
    expect(retry.json()).toMatchObject({ kind: 'retry', subject, state: 'planned', by: 'admin', folded: 0 });
    const again = await scene.post(`readmodels/counts/parked/${subject}/retry`);
    expect([again.statusCode, again.json().code]).toEqual([409, 'job-conflict']);
    const job = await scene.claim();
    await scene.report(job, { state: 'done', report: { folded: 1, waiting: 1, reason: 'Error: still' } });
    expect(retry.headers.location).toBe(`/v1/readmodels/counts/jobs/${job.id}`);
    expect((await scene.get(`readmodels/counts/jobs/${job.id}`)).json()).toMatchObject({
      state: 'done',
      folded: 1,
      waiting: 1,
      reason: 'Error: still',
    });
  });

  test('are retried all at once, those under way already left alone', async () => {
    await park(3);
    await scene.post(`readmodels/counts/parked/${scene.subjectOf(account(1))}/retry`);
    const all = await scene.post('readmodels/counts/parked/retry');
    expect([all.statusCode, all.json()]).toEqual([202, { asked: 3, left: 0 }]);
    const subjects = [await scene.claim(), await scene.claim(), await scene.claim()].map(
      ({ subject }) => subject,
    );
    expect(subjects.sort()).toEqual([0, 1, 2].map((at) => scene.subjectOf(account(at))).sort());
    await expect(scene.claim()).rejects.toThrow('no job');
  });

  test('where nobody is parked there is nothing to ask for', async () => {
    await scene.startFolding();
    await scene.record({ id: '1' });
    expect((await scene.get('readmodels/counts/parked')).json()).toEqual({ items: [], next: null });
    expect((await scene.post('readmodels/counts/parked/retry')).json()).toEqual({ asked: 0, left: 0 });
  });
});

describe('a repair', () => {
  beforeEach(open);
  afterEach(close);

  test('is asked for, and tells what became of it', async () => {
    await scene.startFolding();
    const subject = scene.subjectOf(account(1));
    const repair = await scene.post(`readmodels/counts/customers/${subject}/repair`);
    expect([repair.statusCode, repair.json().kind]).toEqual([202, 'repair']);
    expect(await scene.claim()).toMatchObject({ kind: 'repair', subject, request: { by: 'admin' } });
  });
});

describe('bad questions', () => {
  beforeAll(async () => {
    await open();
    await scene.startFolding();
    await scene.record({ id: '1' });
  });
  afterAll(close);

  test.each([
    ['GET', 'parked?limit=0', 'invalid-request'],
    ['GET', 'parked?limit=501', 'invalid-request'],
    ['GET', 'parked?cursor=abc', 'invalid-cursor'],
    ['GET', 'parked?reason=x', 'invalid-request'],
    ['POST', 'parked/somebody/retry', 'invalid-request'],
    ['POST', 'customers/somebody/repair', 'invalid-request'],
    ['GET', 'jobs/some-job', 'invalid-request'],
    ['GET', 'jobs/0190a3c4-0000-7000-8000-000000000000', 'unknown-job'],
  ] as const)('%s %s is refused: %s', async (method, path, code) => {
    const url = `/v1/readmodels/counts/${path}`;
    const answer = await scene.app.inject({ method, url, headers: scene.bearer });
    expect(answer.json().code).toBe(code);
  });
});
