import { describe, expect, test } from 'vitest';
import type { Job, ReadModel, RebuildReport } from '../index.ts';
import type { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { accounts, entries, households } from './households.ts';
import { letters } from './letters.ts';
import { until } from './projecting.ts';
import { changesOf, commit, rowsAt } from './table-model.ts';
import { folded, inWorkshop, type Setting, Workshop } from './workshop.ts';

const NAME = 'households';
const SUM = 'SELECT sum(letters) AS letters FROM accounts';

/** Generations built beside the live one, verified, promoted and taken back, while readers read. */
export function rebuildContract(open: OpenHarness): void {
  const using = (events: number, test: (setting: Setting) => Promise<void>) => inWorkshop(open, events, test);
  const reading = (fixture: Fixture) => fixture.reader(households() as ReadModel<never>);
  /** Somebody damages what is served, behind the back of every projector. */
  const spoil = async (fixture: Fixture, ...changes: Parameters<typeof commit>[1]): Promise<void> => {
    const live = await fixture.generation(households() as ReadModel<never>);
    const { position } = await live.standing();
    await commit(live, changes, position);
    await live.close();
  };

  describe('a rebuild', () => {
    test('is verified and promoted, and the live projector goes on with it', () =>
      using(900, async ({ fixture, source, shop }) => {
        const before = await (await fixture.generation(households() as ReadModel<never>)).digest();
        shop.work();
        const { report } = await shop.reaches(await shop.rebuild(), 'promoted');
        expect(report).toMatchObject({ percent: 100, events: 900, position: '900', target: '900', eta: 0 });
        expect(report.verification).toMatchObject({ equal: true, differences: [], position: '900' });
        expect(await shop.states()).toEqual(['live', 'previous']);
        const live = await fixture.generation(households() as ReadModel<never>);
        expect(live.number).toBe(report.generation);
        expect(await live.digest()).toEqual(before);
        source.append(...letters(50, { from: 901 }));
        await folded(fixture, source);
        expect(await live.checkpoint()).toBe(950n);
      }));

    test('follows a log that grows all the while, and readers see every position once', () =>
      using(600, async ({ fixture, source, shop }) => {
        const reader = await reading(fixture);
        const ending = new AbortController();
        const seen: bigint[] = [];
        const watching = (async () => {
          for await (const position of reader.moves({ after: 0n, signal: ending.signal }))
            seen.push(position);
        })();
        shop.work();
        const job = await shop.rebuild();
        let from = 601;
        await until(async () => {
          source.append(...letters(3, { from }));
          from += 3;
          return (await shop.store.jobs.find(NAME, job.id))?.state === 'promoted';
        }, 'the job is promoted');
        await folded(fixture, source);
        ending.abort();
        await watching;
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(a - b)));
        const { report } = await shop.reaches(job, 'promoted');
        expect(report.verification?.equal).toBe(true);
      }));

    test('rests as ready when it is to be promoted by hand; the log goes on meanwhile', () =>
      using(300, async ({ fixture, source, shop }) => {
        shop.work();
        const job = await shop.rebuild({ promote: 'manual' });
        const { report } = await shop.reaches(job, 'ready');
        expect(await shop.states()).toEqual(['building', 'live']);
        source.append(...letters(40, { from: 301 }));
        await folded(fixture, source);
        await shop.store.jobs.wish(NAME, job.id, 'promote');
        await shop.reaches(job, 'promoted');
        const reader = await reading(fixture);
        expect(await reader.read((rows) => [rows.generation, rows.position])).toEqual([
          report.generation,
          340n,
        ]);
      }));

    test('only to verify leaves nothing behind', () =>
      using(300, async ({ shop }) => {
        shop.work();
        const { report } = await shop.reaches(await shop.rebuild({ promote: 'never' }), 'done');
        expect(report.verification?.equal).toBe(true);
        expect(await shop.states()).toEqual(['live']);
      }));

    test('can be paused, resumed and cancelled', () =>
      using(2_000, async ({ shop }) => {
        shop.work();
        const { jobs } = shop.store;
        const job = await shop.rebuild({ eventsPerSecond: 400 });
        await shop.reaches(job, 'running');
        await jobs.wish(NAME, job.id, 'pause');
        const { report } = await shop.reaches(job, 'paused');
        const position = () => shop.store.generations.list(NAME).then(([building]) => building?.position);
        const at = await position();
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await position()).toBe(at);
        expect(BigInt(report.position)).toBeLessThan(2_000n);
        await jobs.wish(NAME, job.id, 'resume');
        await shop.reaches(job, 'running');
        await jobs.wish(NAME, job.id, 'cancel');
        await shop.reaches(job, 'cancelled');
        expect(await shop.states()).toEqual(['live']);
      }));

    test('goes on where a worker ended that is no more', () =>
      using(3_000, async ({ fixture, source, shop }) => {
        const first = await Workshop.open(fixture, households(), source);
        first.work({ slowly: true });
        const job = await first.rebuild();
        const position = () =>
          shop.store.generations.list(NAME).then(([building]) => building?.position ?? 0n);
        await until(async () => (await shop.states())[0] === 'building', 'it has begun');
        await until(async () => (await position()) > 500n, 'it is under way');
        await first.end();
        const reached = await position();
        shop.work();
        const { report } = await shop.reaches(job, 'promoted');
        expect(report.verification?.equal).toBe(true);
        expect(report.events).toBe(3_000);
        expect(reached).toBeGreaterThan(500n);
        expect(await shop.states()).toEqual(['live', 'previous']);
      }));

    test('is as slow as it is told to be', () =>
      using(400, async ({ shop }) => {
        shop.work();
        const began = performance.now();
        await shop.reaches(await shop.rebuild({ eventsPerSecond: 400 }), 'promoted');
        expect(performance.now() - began).toBeGreaterThan(600);
      }));

    test('keeps as many former generations as it is told to', () =>
      using(100, async ({ shop }) => {
        shop.work({ keep: 2 });
        for (let round = 0; round < 4; round++) await shop.reaches(await shop.rebuild(), 'promoted');
        await until(async () => (await shop.states()).length === 3, 'the oldest are gone');
        expect(await shop.states()).toEqual(['live', 'previous', 'previous']);
      }));
  });

  describe('a rebuild finds', () => {
    const differing = async ({ shop }: Setting): Promise<[Job, RebuildReport]> => {
      shop.work();
      const job = await shop.rebuild();
      return [job, (await shop.reaches(job, 'differs')).report];
    };

    test('a changed row, and the first event that touches it; promoting it anyway mends what is served', () =>
      using(300, async (setting) => {
        const { fixture, shop } = setting;
        const live = await fixture.generation(households() as ReadModel<never>);
        const [row] = await rowsAt(live, accounts, ['s3']);
        if (row === undefined) throw new Error('no row to spoil');
        await spoil(fixture, changesOf(accounts, [{ ...row, letters: 77 }]));
        const [job, { verification }] = await differing(setting);
        expect(verification?.tables.filter(({ equal }) => !equal)).toEqual([
          { table: 'accounts', equal: false },
        ]);
        expect(verification?.differences).toMatchObject([
          {
            table: 'accounts',
            key: ['s3'],
            columns: ['letters'],
            live: { letters: 77 },
            rebuilt: { letters: row.letters },
            firstEvent: '4',
          },
        ]);
        await shop.store.jobs.wish(NAME, job.id, 'promote');
        await shop.reaches(job, 'promoted');
        const reader = await reading(fixture);
        expect(
          await reader.read((rows) => rows.all(`SELECT letters FROM accounts WHERE subject = 's3'`)),
        ).toEqual([{ letters: row.letters }]);
        expect(await shop.store.generations.rollback(NAME)).toBe(live.number);
        expect(
          await reader.read((rows) => rows.all(`SELECT letters FROM accounts WHERE subject = 's3'`)),
        ).toEqual([{ letters: 77 }]);
      }));

    test('a missing row, a row too many, and words that are not those of the row', () =>
      using(300, async (setting) => {
        const { fixture } = setting;
        const live = await fixture.generation(households() as ReadModel<never>);
        const [row] = await rowsAt(live, accounts, ['s3']);
        if (row === undefined) throw new Error('no row to spoil');
        await spoil(
          fixture,
          changesOf(accounts, [{ ...row, subject: 'nobody' }], [['s4']]),
          changesOf(entries, [{ position: 9_999, subject: 's1', words: 'made up' }]),
        );
        const [, { verification }] = await differing(setting);
        expect(verification?.differences).toMatchObject([
          { table: 'accounts', key: ['nobody'], rebuilt: null, firstEvent: null },
          { table: 'accounts', key: ['s4'], live: null, firstEvent: '5' },
          { table: 'entries', key: [9_999], rebuilt: null, firstEvent: null },
          { table: 'entries', key: [9_999], columns: ['words'], firstEvent: null },
        ]);
      }));
  });

  describe('changed projections', () => {
    test('are built beside the live generation, which serves until they are promoted, also the program of before', () =>
      using(500, async ({ fixture, source, shop }) => {
        const changed = households({ version: 2 });
        const next = await Workshop.open(fixture, changed, source);
        const [before, after] = [await reading(fixture), await fixture.reader(changed as ReadModel<never>)];
        const first = await after.read((rows) => rows.generation);
        next.project();
        await until(
          async () => (await next.store.jobs.list(NAME, { limit: 1 })).length > 0,
          'it is asked for',
        );
        expect(await after.read((rows) => rows.all(SUM))).toEqual(await before.read((rows) => rows.all(SUM)));
        next.work();
        await until(
          async () => (await after.read((rows) => rows.generation)) !== first,
          'the new generation is promoted',
        );
        expect(await after.read((rows) => rows.all(SUM))).toEqual(await before.read((rows) => rows.all(SUM)));
        source.append(...letters(30, { from: 501 }));
        for (const reader of [before, after])
          await until(async () => (await reader.position()) === 530n, 'both programs go on');
        expect(await before.read((rows) => rows.generation)).toBe(first);
        expect(next.failures).toEqual([]);
        await next.end();
        await shop.end();
      }));
  });
}
