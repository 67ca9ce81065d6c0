import { describe, expect, test } from 'vitest';
import { type Claim, doJobs, type JobBoard, type ReadModel, ReadStoreError, Rebuild } from '../index.ts';
import { JobHold } from '../operations/job-hold.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { households } from './households.ts';
import { letters } from './letters.ts';
import { until } from './projecting.ts';
import { inWorkshop, type Setting, Workshop } from './workshop.ts';

const NAME = 'households';
const model = households() as ReadModel<never>;

/** Crashes and decisions of people at the moments in which they hurt a rebuild most. */
export function disturbedRebuildContract(open: OpenHarness): void {
  const using = (events: number, test: (setting: Setting) => Promise<void>) => inWorkshop(open, events, test);

  describe('a disturbed rebuild', () => {
    test('drops what a worker had begun that died before it could tell', () =>
      using(50, async ({ shop }) => {
        const nobodys = await shop.store.generations.begin(model);
        await nobodys.close();
        shop.work();
        await shop.reaches(await shop.rebuild({ promote: 'manual' }), 'ready');
        expect(await shop.states()).toEqual(['building', 'live']);
      }));

    test('keeps in mind that it is to be promoted when its worker ends right after it has heard so', () =>
      using(50, async ({ fixture, source, shop }) => {
        const worker = await Workshop.open(fixture, households(), source);
        worker.work();
        const job = await shop.rebuild({ promote: 'manual' });
        await shop.reaches(job, 'ready');
        await worker.end();
        await shop.store.jobs.wish(NAME, job.id, 'promote');
        const claim: Claim = { worker: 'mortal', kinds: ['rebuild'], leaseMs: 5_000 };
        const ending = new AbortController();
        const taken = await shop.store.jobs.claim(NAME, claim);
        if (taken === undefined) throw new Error('nothing to take up');
        const report: JobBoard['report'] = async (...said) => {
          const told = await shop.store.jobs.report(...said);
          ending.abort();
          return told;
        };
        const parts = { readModel: households(), readStore: shop.store, source, keep: 1 };
        await new Rebuild(new JobHold(taken, { report } as JobBoard, claim, ending.signal), parts).run();
        expect(await shop.states()).toEqual(['building', 'live']);
        shop.work();
        await shop.reaches(job, 'promoted');
      }));

    test('is compared with the generation that readers are given back meanwhile', () =>
      using(100, async ({ fixture, source, shop }) => {
        const worker = await Workshop.open(fixture, households(), source);
        worker.work();
        await shop.reaches(await shop.rebuild(), 'promoted');
        await shop.end();
        const job = await shop.rebuild({ eventsPerSecond: 100 });
        await shop.reaches(job, 'running');
        // Folded by nobody but the rebuild: what was live at first never gets there.
        source.append(...letters(20, { from: 101 }));
        await shop.reaches(job, 'verifying');
        expect(await shop.store.generations.rollback(NAME)).toBe(1);
        shop.project();
        const { report } = await shop.reaches(job, 'promoted');
        expect(report.verification).toMatchObject({ equal: true, position: '120' });
        await worker.end();
      }));
  });

  describe('changed projections', () => {
    test('are not built by the program of before, which works beside them', () =>
      using(100, async ({ fixture, source, shop }) => {
        const changed = households({ version: 2 });
        const next = await Workshop.open(fixture, changed, source);
        shop.work();
        next.project().work();
        const isLive = async () =>
          (await next.store.generations.live(changed as ReadModel<never>)) !== undefined;
        await until(isLive, 'the new generation is live');
        expect(await shop.states()).toEqual(['live', 'live']);
        await next.end();
      }));
  });

  describe('a job', () => {
    test('whose worker could not do it yet is let go at once, not when the lease is over', () =>
      Fixture.using(open, async (fixture) => {
        const { jobs, generations } = await fixture.connect();
        await (await generations.begin(model)).close();
        const { id } = await jobs.post({ readModel: NAME, kind: 'repair', subject: 's1', request: {} });
        const ending = new AbortController();
        const failed = Promise.withResolvers<unknown>();
        const leasesMs: number[] = [];
        const board: Pick<JobBoard, 'claim' | 'report'> = {
          claim: (...asked) => jobs.claim(...asked),
          report: (job, by, change) => {
            leasesMs.push(by.leaseMs);
            return jobs.report(job, by, change);
          },
        };
        const loading = new ReadStoreError('read-model-loading', 'still opening');
        const work = { repair: () => Promise.reject(loading) };
        const working = doJobs(
          { readModel: NAME, board: board as JobBoard, work, onFailure: failed.resolve },
          ending.signal,
        );
        expect(await failed.promise).toBe(loading);
        expect(leasesMs).toEqual([0]);
        expect(await jobs.find(NAME, id)).toMatchObject({ state: 'planned' });
        ending.abort();
        await working;
      }));
  });

  describe('a reader', () => {
    test('that slept through two promotions reads on, though what it saw last is gone', () =>
      using(50, async ({ fixture, shop }) => {
        const reader = await fixture.reader(model);
        const generation = () => reader.read((rows) => rows.generation);
        const before = await generation();
        shop.work();
        await shop.reaches(await shop.rebuild(), 'promoted');
        const { report } = await shop.reaches(await shop.rebuild(), 'promoted');
        await until(async () => (await shop.states()).length === 2, 'the first one is dropped');
        expect([before, await generation()]).toEqual([1, report.generation]);
      }));
  });
}
