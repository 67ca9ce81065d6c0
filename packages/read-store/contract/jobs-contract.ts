import { describe, expect, test } from 'vitest';
import type { Job, JobBoard, JobChange } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { tableModel } from './table-model.ts';

const NAME = 'tables';
const LEASE_MS = 30_000;
const rebuild = { readModel: NAME, kind: 'rebuild', request: { reason: '测试' } } as const;

const by = (worker: string, leaseMs = LEASE_MS) => ({
  worker,
  leaseMs,
  kinds: ['rebuild', 'retry'] as const,
});
const running = (report: JobChange['report'] = null): JobChange => ({ state: 'running', report });

/** Work that outlives whoever does it. */
export function jobsContract(open: OpenHarness): void {
  const using = (test: (board: JobBoard, other: JobBoard) => Promise<void>) =>
    Fixture.using(open, async (fixture) => {
      await fixture.generation(tableModel() as never);
      await test((await fixture.connect()).jobs, (await fixture.connect()).jobs);
    });
  const claimed = async (board: JobBoard, worker = 'w1'): Promise<Job> => {
    const job = await board.claim(NAME, by(worker));
    if (job === undefined) throw new Error('there is no job to claim');
    return job;
  };

  describe('jobs', () => {
    test('are posted, found and listed, newest first', () =>
      using(async (board, other) => {
        const first = await board.post(rebuild);
        const second = await board.post({ ...rebuild, kind: 'retry', subject: 'c1' });
        expect(first).toMatchObject({ ...rebuild, state: 'planned', report: null, wish: undefined });
        expect(await other.find(NAME, first.id)).toEqual(first);
        expect(await other.find(NAME, 'nothing')).toBeUndefined();
        expect(await other.find('elsewhere', first.id)).toBeUndefined();
        expect(await other.list(NAME, { limit: 9 })).toEqual([second, first]);
        expect(await other.list(NAME, { limit: 1 })).toEqual([second]);
        expect(await other.list(NAME, { limit: 9, before: second.id })).toEqual([first]);
      }));

    test('of one kind and subject wait for one another to end', () =>
      using(async (board, other) => {
        await board.post(rebuild);
        await expect(other.post(rebuild)).rejects.toMatchObject({ code: 'job-conflict' });
        await other.post({ ...rebuild, subject: 'c1' });
        const job = await claimed(board);
        await board.report(job, by('w1'), { state: 'failed', report: 'no' });
        expect(await other.post(rebuild)).toMatchObject({ state: 'planned' });
      }));

    test('are held by one worker, oldest first', () =>
      using(async (board, other) => {
        const first = await board.post(rebuild);
        const second = await board.post({ ...rebuild, kind: 'retry', subject: 'c1' });
        expect((await claimed(board)).id).toBe(first.id);
        expect((await claimed(other, 'w2')).id).toBe(second.id);
        expect(await other.claim(NAME, by('w3'))).toBeUndefined();
        expect(await board.claim('elsewhere', by('w1'))).toBeUndefined();
      }));

    test('are claimed by kind', () =>
      using(async (board) => {
        await board.post(rebuild);
        expect(await board.claim(NAME, { ...by('w1'), kinds: ['repair'] })).toBeUndefined();
        expect(await board.isDue(NAME, ['repair'])).toBe(false);
        expect(await board.isDue(NAME, ['repair', 'rebuild'])).toBe(true);
        expect(await board.isDue('elsewhere', ['rebuild'])).toBe(false);
        await claimed(board);
        expect(await board.isDue(NAME, ['rebuild'])).toBe(false);
      }));

    test('are claimed once, however many try', () =>
      using(async (board, other) => {
        for (let round = 0; round < 10; round++) {
          await board.post({ ...rebuild, subject: `c${round}` });
          const tries = [board, other, board, other].map((one, at) => one.claim(NAME, by(`w${at}`)));
          expect((await Promise.all(tries)).filter((job) => job !== undefined)).toHaveLength(1);
        }
      }));

    test('of a silent worker go to another, and the first is told to stop', () =>
      using(async (board, other) => {
        await board.post(rebuild);
        const job = await board.claim(NAME, by('w1', 1));
        await new Promise((resolve) => setTimeout(resolve, 10));
        const taken = await claimed(other, 'w2');
        expect(taken.id).toBe(job?.id);
        expect(await board.report(taken, by('w1'), running())).toBeUndefined();
        expect(await other.report(taken, by('w2'), running({ percent: 5 }))).toMatchObject({
          state: 'running',
          report: { percent: 5 },
        });
      }));

    test('of a worker that died before the clock was set back wait for no longer than a lease lasts', () =>
      using(async (board, other) => {
        const { id } = await board.post(rebuild);
        // As a lease looks that was given an hour later by the clock of before.
        await board.claim(NAME, by('w1', 3_600_000));
        expect(await other.isDue(NAME, ['rebuild'])).toBe(true);
        expect(await other.claim(NAME, by('w2', 5_000))).toMatchObject({ id });
        expect(await board.isDue(NAME, ['rebuild'])).toBe(false);
      }));

    test('that are reported stay with their worker', () =>
      using(async (board, other) => {
        await board.post(rebuild);
        const job = await board.claim(NAME, by('w1', 1));
        if (job === undefined) throw new Error('no job');
        await board.report(job, by('w1'), running());
        await new Promise((resolve) => setTimeout(resolve, 10));
        expect(await other.claim(NAME, by('w2'))).toBeUndefined();
      }));

    test('hear wishes; one that is heeded is taken off, one that came later stays', () =>
      using(async (board, other) => {
        const { id } = await board.post(rebuild);
        const job = await claimed(board);
        await other.wish(NAME, id, 'pause');
        expect(await board.report(job, by('w1'), running())).toMatchObject({ wish: 'pause' });
        await other.wish(NAME, id, 'cancel');
        const told = await board.report(job, by('w1'), { ...running(), heeded: 'pause' });
        expect(told).toMatchObject({ wish: 'cancel' });
        expect(await board.report(job, by('w1'), { ...running(), heeded: 'cancel' })).toMatchObject({
          wish: undefined,
        });
      }));

    test.each(['paused', 'ready', 'differs'] as const)(
      'that are %s rest until somebody wishes something',
      (state) =>
        using(async (board, other) => {
          const { id } = await board.post(rebuild);
          const job = await claimed(board);
          await board.report(job, by('w1'), { state, report: 1 });
          expect(await other.claim(NAME, by('w2'))).toBeUndefined();
          await other.wish(NAME, id, 'resume');
          expect(await other.claim(NAME, by('w2'))).toMatchObject({ id, state, wish: 'resume' });
        }),
    );

    test.each(['promoted', 'done', 'failed', 'cancelled'] as const)('that are %s are over', (state) =>
      using(async (board) => {
        const { id } = await board.post(rebuild);
        const job = await claimed(board);
        const over = await board.report(job, by('w1'), { state, report: { why: 'so' } });
        expect(over).toMatchObject({ state });
        expect(await board.wish(NAME, id, 'promote')).toEqual(over);
        expect(await board.claim(NAME, by('w1'))).toBeUndefined();
        expect(await board.report(job, by('w1'), running())).toBeUndefined();
        expect(await board.wish(NAME, 'nothing', 'pause')).toBeUndefined();
      }),
    );
  });
}
