import { describe, expect, test } from 'vitest';
import { type ReadModel, ReadStoreError } from '../index.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { type HouseholdEvent, households } from './households.ts';
import { letters } from './letters.ts';
import { until } from './projecting.ts';
import { Workshop } from './workshop.ts';

const model = households() as ReadModel<never>;
const NAME = model.name;
const refused = { code: 'read-model-of-other-log', isRetryable: false };

/** Logs that are folded where another one is. */
export function otherLogContract(open: OpenHarness): void {
  const otherLog = () => letters(20).map((event) => ({ ...event, recordedAt: event.recordedAt + 5 }));
  const isRefused = (failure: unknown) => failure instanceof ReadStoreError && failure.code === refused.code;
  const reached = async (fixture: Fixture, source: EventList<HouseholdEvent>): Promise<void> => {
    const reader = await fixture.reader(model);
    const head = await source.head();
    await until(async () => (await reader.position()) >= head, 'the log is folded');
  };

  describe('the log of a read model', () => {
    test('is noted once, and no other is taken for it, nor an empty one', () =>
      Fixture.using(open, async (fixture) => {
        await fixture.generation(model);
        const [one, other] = [await fixture.connect(), await fixture.connect()];
        await one.generations.noteLog(NAME, undefined);
        await one.generations.noteLog(NAME, 'a');
        await other.generations.noteLog(NAME, 'a');
        for (const mark of ['b', undefined])
          await expect(other.generations.noteLog(NAME, mark)).rejects.toMatchObject(refused);
        const again = await fixture.connect();
        await expect(again.generations.noteLog(NAME, 'b')).rejects.toMatchObject(refused);
      }));

    test('is one, however many note theirs at once', () =>
      Fixture.using(open, async (fixture) => {
        await fixture.generation(model);
        const stores = await Promise.all([1, 2, 3, 4].map(() => fixture.connect()));
        const noted = stores.map(({ generations }, at) => generations.noteLog(NAME, `log ${at}`));
        const outcomes = await Promise.allSettled(noted);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      }));

    test('is folded, and nothing of another, which was empty at first; a restart knows it still', () =>
      Fixture.using(open, async (fixture) => {
        const [mine, theirs] = [new EventList<HouseholdEvent>(), new EventList<HouseholdEvent>()];
        const here = (await Workshop.open(fixture, households(), mine)).project();
        const there = (await Workshop.open(fixture, households(), theirs)).project();
        await until(async () => (await here.states()).length === 1, 'both follow their logs');
        mine.append(...letters(20));
        await reached(fixture, mine);
        const before = await (await fixture.generation(model)).digest();
        theirs.append(...otherLog(), ...letters(5, { from: 21 }));
        await until(() => there.failures.some(isRefused), 'the other log is refused');
        await Promise.all([here.end(), there.end()]);
        const later = (await Workshop.open(fixture, households(), theirs)).project();
        await until(() => later.failures.some(isRefused), 'the other log is refused again');
        await later.end();
        expect(await (await fixture.generation(model)).digest()).toEqual(before);
        expect(here.failures).toEqual([]);
      }));

    test('is what a rebuild is made from, and no other', () =>
      Fixture.using(open, async (fixture) => {
        const mine = new EventList<HouseholdEvent>(letters(20));
        const here = (await Workshop.open(fixture, households(), mine)).project();
        await reached(fixture, mine);
        const there = (await Workshop.open(fixture, households(), new EventList(otherLog()))).work();
        const { report } = await there.reaches(await there.rebuild(), 'failed', 'promoted');
        expect(report.failure).toContain('another log');
        expect(await here.states()).toContain('live');
        await Promise.all([here.end(), there.end()]);
      }));
  });
}
