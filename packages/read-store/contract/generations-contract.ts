import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { defineTable, type Generation, type ReadModel, shapeOf } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { changesOf, commit, rowsAt, tableModel } from './table-model.ts';

interface Count {
  readonly id: string;
  readonly count: number;
  readonly words: string | null;
}

const counts = defineTable<{ id: string; count: number }>({
  name: 'counts',
  columns: { id: 'text', count: 'integer' },
  key: ['id'],
});
const wider = defineTable<{ id: string; count: number; note: string }>({
  ...counts,
  columns: { id: 'text', count: 'integer', note: 'text' },
});
const worded = defineTable<Omit<Count, 'id'> & { number: number }>({
  name: 'worded',
  columns: { number: 'integer', count: 'integer', words: 'tokens' },
  key: ['number'],
});

const model = tableModel(counts as never) as ReadModel<never>;
const widened = tableModel(wider as never) as ReadModel<never>;
const COUNT = `SELECT count FROM counts WHERE id = 'a'`;

/** Copies of a read model beside one another, and switching between them. */
export function generationsContract(open: OpenHarness): void {
  const counting = async (generation: Generation, count: number, to: bigint): Promise<void> => {
    await commit(generation, [changesOf(counts, [{ id: 'a', count }])], to);
    await generation.finishLoading();
  };

  describe('generations', () => {
    test('are nothing where there is nothing', () =>
      Fixture.using(open, async (fixture) => {
        const { generations } = await fixture.connect();
        expect(await generations.readModels()).toEqual([]);
        expect(await generations.list('tables')).toEqual([]);
        expect(await generations.live(model)).toBeUndefined();
        await expect(generations.rollback('tables')).rejects.toMatchObject({ code: 'generation-unknown' });
        await expect(generations.promote('tables', 1)).rejects.toMatchObject({ code: 'generation-unknown' });
        await generations.drop('tables', 1);
      }));

    test('the first is live at once', () =>
      Fixture.using(open, async (fixture) => {
        const live = await fixture.generation(model);
        await counting(live, 1, 3n);
        const { generations } = await fixture.connect();
        expect(await generations.readModels()).toEqual(['tables']);
        expect(await generations.live(model)).toBe(live.number);
        const [record, ...others] = await generations.list('tables');
        expect(others).toEqual([]);
        expect(record).toMatchObject({
          number: live.number,
          state: 'live',
          position: 3n,
          shape: shapeOf(model),
        });
        expect(record?.bytes).toBeGreaterThan(0);
      }));

    test('one that is begun beside the live one is seen by nobody until it is promoted', () =>
      Fixture.using(open, async (fixture) => {
        await counting(await fixture.generation(model), 1, 3n);
        const reader = await fixture.reader(model);
        const store = await fixture.connect();
        const next = await store.generations.begin(model);
        await counting(next, 2, 3n);
        expect(await reader.read((rows) => rows.all(COUNT))).toEqual([{ count: 1 }]);
        await store.generations.promote('tables', next.number);
        expect(await reader.read((rows) => rows.all(COUNT))).toEqual([{ count: 2 }]);
        expect((await fixture.generation(model)).number).toBe(next.number);
        expect((await store.generations.list('tables')).map(({ state }) => state)).toEqual([
          'live',
          'previous',
        ]);
      }));

    test('a promotion does not disturb a read that has begun', () =>
      Fixture.using(open, async (fixture) => {
        await counting(await fixture.generation(model), 1, 3n);
        const reader = await fixture.reader(model);
        const { generations } = await fixture.connect();
        const next = await generations.begin(model);
        await counting(next, 2, 4n);
        await reader.read(async (rows) => {
          await generations.promote('tables', next.number);
          expect(await rows.all(COUNT)).toEqual([{ count: 1 }]);
          expect(rows.position).toBe(3n);
        });
        expect(await reader.read((rows) => [rows.position, rows.generation])).toEqual([4n, next.number]);
      }));

    test('a reader does not go back in the log when the promoted one is a little behind', () =>
      Fixture.using(open, async (fixture) => {
        await counting(await fixture.generation(model), 1, 9n);
        const reader = await fixture.reader(model);
        expect(await reader.position()).toBe(9n);
        const { generations } = await fixture.connect();
        const next = await generations.begin(model);
        await counting(next, 2, 8n);
        await generations.promote('tables', next.number);
        expect(await reader.read((rows) => rows.position)).toBe(9n);
        await commit(next, [], 10n);
        expect(await reader.read((rows) => [rows.position, rows.generation])).toEqual([10n, next.number]);
      }));

    test('a rollback gives back the rows of before at once, and another one takes it back', () =>
      Fixture.using(open, async (fixture) => {
        const first = await fixture.generation(model);
        await counting(first, 1, 3n);
        const reader = await fixture.reader(model);
        const { generations } = await fixture.connect();
        const next = await generations.begin(model);
        await counting(next, 2, 9n);
        await generations.promote('tables', next.number);
        expect(await reader.position()).toBe(9n);
        expect(await generations.rollback('tables')).toBe(first.number);
        expect(await reader.read((rows) => [rows.position, rows.generation])).toEqual([3n, first.number]);
        expect(await generations.live(model)).toBe(first.number);
        expect(await generations.rollback('tables')).toBe(next.number);
        expect(await reader.read((rows) => rows.position)).toBe(9n);
      }));

    test('of other projections: the live one serves whoever finds their tables in it, until the new one is promoted', () =>
      Fixture.using(open, async (fixture) => {
        const old = await fixture.generation(widened);
        const store = await fixture.connect();
        await commit(old, [changesOf(wider, [{ id: 'a', count: 1, note: '' }])], 3n);
        await old.finishLoading();
        await expect(store.openLive(model)).rejects.toMatchObject({ code: 'read-model-outdated' });
        expect(await store.generations.live(model)).toBeUndefined();
        const [narrow, wide] = [await fixture.reader(model), await fixture.reader(widened)];
        expect(await narrow.read((rows) => rows.all(COUNT))).toEqual([{ count: 1 }]);
        const next = await store.generations.begin(model);
        await counting(next, 2, 3n);
        await store.generations.promote('tables', next.number);
        expect(await narrow.read((rows) => rows.all(COUNT))).toEqual([{ count: 2 }]);
        // The program of before still runs, and keeps its own.
        expect(await wide.read((rows) => rows.all(COUNT))).toEqual([{ count: 1 }]);
        expect(await store.generations.live(widened)).toBe(old.number);
        await expect(store.generations.rollback('tables')).rejects.toMatchObject({
          code: 'generation-unknown',
        });
      }));

    test('of other projections with fewer tables serve nobody', () =>
      Fixture.using(open, async (fixture) => {
        await counting(await fixture.generation(model), 1, 3n);
        const reader = await fixture.reader(widened);
        await expect(reader.read(() => 1)).rejects.toMatchObject({ code: 'read-model-loading' });
        expect(await reader.position()).toBe(0n);
      }));

    test('are read by name alone, whatever their shape', () =>
      Fixture.using(open, async (fixture) => {
        await counting(await fixture.generation(widened), 1, 3n).catch(() => {});
        const live = await fixture.generation(widened);
        await live.finishLoading();
        const reader = await (await fixture.connect()).openReader('tables');
        expect(await reader.read((rows) => rows.all('SELECT count(*) AS parked FROM parked'))).toEqual([
          { parked: 0 },
        ]);
      }));

    test('are opened by number, by projections of the same shape', () =>
      Fixture.using(open, async (fixture) => {
        await fixture.generation(model);
        const { generations } = await fixture.connect();
        const next = await generations.begin(model);
        await counting(next, 5, 2n);
        const again = await generations.open(model, next.number);
        expect(await rowsAt(again, counts, ['a'])).toEqual([{ id: 'a', count: 5 }]);
        await expect(generations.open(widened, next.number)).rejects.toMatchObject({
          code: 'generation-unknown',
        });
      }));

    test('that are dropped are gone, and their number is never given again; what readers see stays', () =>
      Fixture.using(open, async (fixture) => {
        const live = await fixture.generation(model);
        const { generations } = await fixture.connect();
        const next = await generations.begin(model);
        await next.close();
        await generations.drop('tables', next.number);
        await generations.drop('tables', next.number);
        await expect(generations.open(model, next.number)).rejects.toMatchObject({
          code: 'generation-unknown',
        });
        await expect(generations.drop('tables', live.number)).rejects.toMatchObject({
          code: 'generation-in-use',
        });
        expect((await generations.begin(model)).number).toBeGreaterThan(next.number);
      }));
  });

  describe('frozen rows', () => {
    const words = tableModel(worded as never) as ReadModel<never>;
    const row = (number: number, text: string) => ({ number, count: number, words: text });

    test('stay as they were while steps are committed', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(words);
        await commit(generation, [changesOf(worded, [row(1, 'red'), row(2, 'red blue')])], 5n);
        await generation.finishLoading();
        await generation.frozen(async (rows) => {
          const before = await rows.digest();
          await commit(generation, [changesOf(worded, [row(3, 'green')], [[1]])], 6n);
          expect(rows.position).toBe(5n);
          expect(await rows.digest()).toEqual(before);
          expect(await rows.page(worded as never, { limit: 10 })).toHaveLength(2);
        });
        await generation.frozen(async (rows) => expect(rows.position).toBe(6n));
      }));

    test('are digested no longer than they are wanted, and can be digested again', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(words);
        const many = Array.from({ length: 3_000 }, (_, number) => row(number, 'red'));
        await commit(generation, [changesOf(worded, many)], 5n);
        await generation.frozen(async (rows) => {
          const signal = AbortSignal.abort(new Error('enough'));
          await expect(rows.digest({ signal })).rejects.toThrow('enough');
          expect(await rows.digest()).toEqual(await generation.digest());
          const rests: number[] = [];
          const rest = async () => void rests.push(await delay(1, performance.now()));
          expect(await rows.digest({ rest })).toEqual(await generation.digest());
          expect(rests.length).toBeGreaterThan(0);
        });
      }));

    test('are paged in key order, rows and words', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(words);
        const all = [row(1, 'red'), row(2, 'red blue'), row(10, '红 blue')];
        await commit(generation, [changesOf(worded, all)], 5n);
        await generation.frozen(async (rows) => {
          const table = worded as never;
          expect(await rows.page(table, { limit: 2 })).toEqual(
            all.slice(0, 2).map((one) => ({ ...one, words: null })),
          );
          expect(await rows.page(table, { after: [2], limit: 2 })).toMatchObject([{ number: 10 }]);
          expect(await rows.words(table, { limit: 2 })).toEqual([
            ['blue', '2 12 104 0'],
            ['red', '2 3 5 0'],
          ]);
          expect(await rows.words(table, { after: 'red', limit: 9 })).toEqual([['红', '1 10 100 0']]);
          expect(await rows.holding(table, 'blue', { limit: 1 })).toEqual([2]);
          expect(await rows.holding(table, 'blue', { after: 2, limit: 9 })).toEqual([10]);
        });
      }));

    test('text keys come by code point', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        const ids = ['a', 'é', '\uffee', '😀'];
        await commit(generation, [changesOf(counts, ids.map((id) => ({ id, count: 1 })).reverse())]);
        await generation.frozen(async (rows) => {
          const page = (await rows.page(counts as never, { limit: 9 })) as { id: string }[];
          expect(page.map(({ id }) => id)).toEqual(ids);
          expect(await rows.page(counts as never, { after: ['\uffee'], limit: 9 })).toMatchObject([
            { id: '😀' },
          ]);
        });
      }));
  });
}
