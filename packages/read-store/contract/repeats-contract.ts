import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appliedTable, type Progress, type ReadModel, repeatedTable, tablesOf } from '../index.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { entries, type HouseholdEvent, households } from './households.ts';
import { letters } from './letters.ts';
import { projectAll, RunningProjector, until } from './projecting.ts';
import { repeatedHistories } from './repeated-histories.ts';
import { rowsAt } from './table-model.ts';
import { Workshop } from './workshop.ts';

const exact = households();
const guarded = households({ withRepeats: true });
const GUARD = [appliedTable.name, repeatedTable.name];

/** Logs that hold an event more than once. */
export function repeatsContract(open: OpenHarness): void {
  const digestOf = async (
    readModel: ReadModel<HouseholdEvent>,
    events: readonly HouseholdEvent[],
    stops: readonly number[] = [],
    onStep?: (progress: Progress) => void,
  ): Promise<ReadonlyMap<string, string>> => {
    let digest: ReadonlyMap<string, string> = new Map();
    await Fixture.using(open, async (fixture) => {
      const limits = { maxBatchEvents: 7, maxStepEvents: 14, maxCachedRows: 5 };
      for (const stop of [...stops, events.length]) {
        const generation = await fixture.generation(readModel as ReadModel<never>);
        const source = new EventList(events.slice(0, stop));
        await projectAll({ readModel, generation, source, limits, ...(onStep ? { onStep } : {}) });
        digest = await generation.digest();
        await fixture.close();
      }
    });
    return digest;
  };

  describe('a log that holds events again', () => {
    test('folds to the rows of the same log without the repeats, also in parts', async () => {
      await fc.assert(
        fc.asyncProperty(repeatedHistories(), fc.nat(40), async ({ events, firsts }, stop) => {
          let dropped = 0;
          const found = await digestOf(guarded, events, [Math.min(stop, events.length)], ({ repeats }) => {
            dropped += repeats;
          });
          expect(withoutGuard(found)).toEqual(await digestOf(exact, firsts));
          expect(dropped).toBe(events.length - firsts.length);
        }),
        { numRuns: 8 },
      );
    }, 60_000);

    test('leaves a row for each one dropped, and keeps nothing where ids are unique', () =>
      Fixture.using(open, async (fixture) => {
        const [first, second] = letters(2) as [HouseholdEvent, HouseholdEvent];
        const again = {
          ...first,
          subject: 's4',
          eventid: 'event 1',
          position: 9n,
          version: 3,
          recordedAt: 77,
        };
        const generation = await fixture.generation(guarded as ReadModel<never>);
        await projectAll({ readModel: guarded, generation, source: new EventList([first, second, again]) });
        expect(await rowsAt(generation, appliedTable, ['event 1'], ['event 2'])).toEqual([
          { eventid: 'event 1', position: 1 },
          { eventid: 'event 2', position: 2 },
        ]);
        expect(await rowsAt(generation, entries, [1], [9])).toMatchObject([{ subject: 's0' }]);
        const dropped = { eventid: 'event 1', first: 1, subject: 's4', version: 3, recordedAt: 77 };
        expect(await rowsAt(generation, repeatedTable, [9])).toEqual([{ position: 9, ...dropped }]);
        expect(tablesOf(exact as ReadModel<never>).map(({ name }) => name)).not.toContain(GUARD[0]);
      }));

    test('does not give what was dropped to a retry or a repair', () =>
      Fixture.using(open, async (fixture) => {
        const failing = new Set([1]);
        const readModel = households({ withRepeats: true, failing });
        const log = withOneRepeated(letters(30));
        const source = new EventList(log);
        const generation = await fixture.generation(readModel as ReadModel<never>);
        const running = new RunningProjector({ readModel, generation, source });
        const head = await source.head();
        await until(async () => (await generation.checkpoint()) === head, 'the log is folded');
        failing.clear();
        expect(await running.projector.retry('s0')).toEqual({ folded: 6, waiting: 0 });
        const expected = await digestOf(exact, log.slice(0, -2));
        expect(withoutGuard(await generation.digest())).toEqual(expected);
        expect(await running.projector.repair('s0')).toBe(6);
        expect(withoutGuard(await generation.digest())).toEqual(expected);
        await running.end();
      }));

    test(
      'is rebuilt to equal rows, and a generation made without heed of repeats is built anew',
      () =>
        Fixture.using(open, async (fixture) => {
          const source = new EventList(withOneRepeated(letters(30)));
          const before = await fixture.generation(exact as ReadModel<never>);
          await projectAll({ readModel: exact, generation: before, source });
          const shop = await Workshop.open(fixture, guarded, source);
          shop.project().work();
          const { jobs } = shop.store;
          const list = () => jobs.list(guarded.name, { limit: 1 });
          await until(async () => (await list())[0]?.state === 'promoted', 'the guarded generation is live');
          const { report } = await shop.reaches(await shop.rebuild(), 'promoted', 'differs');
          expect(report.verification).toMatchObject({ equal: true, differences: [] });
          await shop.end();
        }),
      60_000,
    );
  });
}

/** The first event stands at the end again, in its own stream and in another. */
function withOneRepeated(log: readonly HouseholdEvent[]): HouseholdEvent[] {
  const [first] = log as [HouseholdEvent];
  const again = { ...first, eventid: 'event 1', amount: 1 };
  const next = (log.at(-1)?.position ?? 0n) + 1n;
  const versionsOf = (subject: string) => log.filter((event) => event.subject === subject).length;
  return [
    ...log,
    { ...again, position: next, version: versionsOf(again.subject) },
    { ...again, subject: 's3', position: next + 1n, version: versionsOf('s3') },
  ];
}

function withoutGuard(digest: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...digest].filter(([name]) => !GUARD.includes(name)));
}
