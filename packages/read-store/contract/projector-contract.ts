import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Generation, Projector, parkedTable, type ReadModel } from '../index.ts';
import { ChildProjector } from './child-projector.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { histories } from './household-histories.ts';
import { accounts, entries, type HouseholdEvent, households } from './households.ts';
import { letters } from './letters.ts';
import { projectAll, RunningProjector, until } from './projecting.ts';

const model = households() as never;
const PROCESS_TEST_MS = 60_000;

export function projectorContract(open: OpenHarness): void {
  /** What the tables come to when one projector folds the events one by one into a database of its own. */
  const cleanDigest = async (
    events: readonly HouseholdEvent[],
    step = 1,
  ): Promise<ReadonlyMap<string, string>> => {
    let digest: ReadonlyMap<string, string> = new Map();
    await Fixture.using(open, async (fixture) => {
      const generation = await fixture.generation(model);
      const limits = { maxBatchEvents: step, maxStepEvents: step };
      await projectAll({ readModel: households(), generation, source: new EventList(events), limits });
      digest = await generation.digest();
    });
    return digest;
  };

  describe('projecting', () => {
    test('gives equal digests in any batches, steps and caches, prefetched or not', async () => {
      await fc.assert(
        fc.asyncProperty(
          histories(),
          fc.record({
            maxBatchEvents: fc.integer({ min: 1, max: 30 }),
            maxStepEvents: fc.integer({ min: 1, max: 40 }),
            maxCachedRows: fc.constantFrom(0, 5, 1_000),
          }),
          fc.boolean(),
          async (events, limits, withoutPrefetch) => {
            const expected = await cleanDigest(events);
            await Fixture.using(open, async (fixture) => {
              const generation = await fixture.generation(model);
              const readModel = households({ withoutPrefetch });
              await projectAll({ readModel, generation, source: new EventList(events), limits });
              expect(await generation.digest()).toEqual(expected);
            });
          },
        ),
        { numRuns: 6 },
      );
    });

    test('by two projectors on connections of their own applies every event once', () =>
      Fixture.using(open, async (fixture) => {
        const source = new EventList<HouseholdEvent>();
        const limits = { maxBatchEvents: 7, maxStepEvents: 14, pauseMs: 1, firstRetryMs: 1, maxRetryMs: 4 };
        let lost = 0;
        const running = await Promise.all(
          [1, 2].map(async () => {
            const generation = await fixture.generation(model);
            const onLostRace = () => lost++;
            return new RunningProjector({ readModel: households(), generation, source, limits, onLostRace });
          }),
        );
        const look = await fixture.generation(model);
        const events = letters(600);
        for (let from = 0; from < events.length; from += 60) {
          source.append(...events.slice(from, from + 60));
          await until(async () => (await look.checkpoint()) >= BigInt(from + 20), 'the projectors follow');
        }
        await until(async () => (await look.checkpoint()) === 600n, 'the log is folded');
        await Promise.all(running.map((one) => one.end()));
        expect(await look.digest()).toEqual(await cleanDigest(events, 50));
        expect(lost).toBeGreaterThan(0);
      }));

    test(
      'by two processes at once applies every event once',
      () =>
        Fixture.using(open, async (fixture) => {
          const work = { events: 3_000, stepEvents: 10 };
          const children = [1, 2].map(() => ChildProjector.start(fixture.harness, work));
          await Promise.all(children.map((child) => child.ready()));
          // On a database that neither of them has seen, nor anybody else.
          for (const child of children) child.go();
          await Promise.all(children.map((child) => child.ended));
          const look = await fixture.generation(model);
          expect(children.map((child) => child.exitCode)).toEqual([0, 0]);
          expect(await look.checkpoint()).toBe(3_000n);
          expect(await look.digest()).toEqual(await cleanDigest(letters(3_000), 500));
        }),
      PROCESS_TEST_MS,
    );

    test(
      'by a process that is killed over and over comes to the rows of a clean fold',
      () =>
        Fixture.using(open, async (fixture) => {
          const events = 6_000;
          const look = await fixture.generation(model);
          let kills = 0;
          for (const share of [0.02, 0.1, 0.11, 0.3, 0.5, 0.55, 0.8]) {
            const child = ChildProjector.start(fixture.harness, { events, stepEvents: 40 });
            child.go();
            await child.reached(Math.floor(events * share));
            child.kill();
            await child.ended;
            if (child.exitCode === null) kills++;
            expect(await look.checkpoint()).toBeGreaterThanOrEqual(BigInt(child.told));
          }
          expect(kills).toBeGreaterThan(3);
          const generation = await fixture.generation(model);
          await projectAll({ readModel: households(), generation, source: new EventList(letters(events)) });
          expect(await look.digest()).toEqual(await cleanDigest(letters(events), 500));
        }),
      PROCESS_TEST_MS,
    );
  });

  describe('parked customers', () => {
    test('are listed by plain SQL, survive re-opening, and fold to the same digests after the fix', () =>
      Fixture.using(open, async (fixture) => {
        const source = new EventList(letters(200));
        const broken = households({ failing: new Set([7, 60]) });
        const first = await fixture.generation(broken as never);
        await projectAll({ readModel: broken, generation: first, source });
        await first.finishLoading();
        const reader = await fixture.reader(model);
        const list = () =>
          reader.read((snapshot) =>
            snapshot.all('SELECT subject, position, reason FROM parked ORDER BY position'),
          );
        expect(await list()).toEqual([
          { subject: 's1', position: 7, reason: 'Error: failing 7' },
          { subject: 's4', position: 60, reason: 'Error: failing 60' },
          { subject: 's2', position: 98, reason: '' },
          { subject: 's3', position: 194, reason: '' },
        ]);
        await fixture.close();
        const generation = await fixture.generation(model);
        const projector = new Projector({ readModel: households(), generation, source });
        for (const customer of ['s0', 's1', 's2', 's3', 's4']) await projector.retry(customer);
        expect(await generation.digest()).toEqual(await cleanDigest(letters(200), 50));
      }));

    test.each<[string, ReadModel<HouseholdEvent>['projections'][number]['fold']]>([
      [
        'does not fit its table',
        (event, rows) => rows.put(accounts, { ...anAccount, subject: event.subject, sum: 0.5 }),
      ],
      ['lacks a cell', (event, rows) => rows.put(accounts, { subject: event.subject } as never)],
      [
        'holds what is no JSON',
        (event, rows) => rows.put(accounts, { ...anAccount, subject: event.subject, last: 1n as never }),
      ],
      [
        'is appended a second time',
        (event, rows) => rows.put(entries, { position: 3, subject: event.subject, words: '' }),
      ],
    ])('are those whose row %s; nobody else waits', (_, misuse) =>
      Fixture.using(open, async (fixture) => {
        const source = new EventList(letters(96));
        const failures: unknown[] = [];
        const { generation, readModel } = await misfolding(fixture, misuse);
        const onFailure = (failure: unknown) => failures.push(failure);
        await projectAll({ readModel, generation, source, limits: { maxBatchEvents: 20 }, onFailure });
        expect(failures).toEqual([]);
        const [parked = []] = await generation.load([
          { kind: 'list', table: parkedTable as never, column: 'list', value: 'parked' },
        ]);
        expect(parked).toMatchObject([{ subject: 's1', position: 7, waiting: 18 }]);
        expect(await new Projector({ readModel, generation, source }).retry('s1')).toMatchObject({
          folded: 0,
          waiting: 18,
        });
        const fixed = new Projector({ readModel: households(), generation, source });
        expect(await fixed.retry('s1')).toEqual({ folded: 18, waiting: 0 });
        expect(await generation.digest()).toEqual(await cleanDigest(letters(96), 50));
      }),
    );
  });
}

const anAccount = { letters: 0, sum: 0, chain: '', last: null, note: null };

async function misfolding(
  fixture: Fixture,
  misuse: ReadModel<HouseholdEvent>['projections'][number]['fold'],
): Promise<{ generation: Generation; readModel: ReadModel<HouseholdEvent> }> {
  const fine = households();
  const projections = fine.projections.map((projection): typeof projection => ({
    ...projection,
    fold(event, rows) {
      projection.fold(event, rows);
      if (event.position === 7n) misuse(event, rows);
    },
  }));
  return { generation: await fixture.generation(model), readModel: { ...fine, projections } };
}
