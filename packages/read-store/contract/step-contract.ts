import { describe, expect, test } from 'vitest';
import { defineTable, type Generation, ReadStoreError, type Step } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { changesOf, commit, rowsAt, tableModel } from './table-model.ts';

const counters = defineTable<{ name: string; count: number; words: string | null }>({
  name: 'counters',
  columns: { name: 'text', count: 'integer', words: 'text?' },
  key: ['name'],
});

const receipts = defineTable<{ number: number; text: string }>({
  name: 'receipts',
  columns: { number: 'integer', text: 'text' },
  key: ['number'],
  appendOnly: true,
});

const model = tableModel(counters as never, receipts as never) as never;
const row = (name: string, count: number) => ({ name, count, words: null });

export function stepContract(open: OpenHarness): void {
  describe('a step', () => {
    test('moves rows and checkpoint together, and both are there after re-opening', () =>
      Fixture.using(open, async (fixture) => {
        const first = await fixture.generation(model);
        expect(await first.standing()).toEqual({ position: 0n, steps: 0 });
        expect(await commit(first, [changesOf(counters, [row('a', 1)])], 7n)).toBe('committed');
        expect(await first.standing()).toEqual({ position: 7n, steps: 1 });
        await fixture.close();
        const second = await fixture.generation(model);
        expect(second.number).toBe(first.number);
        expect(await second.checkpoint()).toBe(7n);
        expect(await rowsAt(second, counters, ['a'])).toEqual([row('a', 1)]);
      }));

    test('holds positions of any size exactly', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        const far = 2n ** 62n + 1n;
        await commit(generation, [], far);
        expect(await generation.checkpoint()).toBe(far);
        expect(await commit(generation, [changesOf(counters, [row('a', 1)])], far + 1n)).toBe('committed');
        expect(await generation.checkpoint()).toBe(far + 1n);
      }));

    test('that begins elsewhere than at the checkpoint is lost and writes nothing', () =>
      Fixture.using(open, async (fixture) => {
        const [one, other] = [await fixture.generation(model), await fixture.generation(model)];
        const step = (to: bigint): Step => ({
          from: 0n,
          to,
          steps: 0,
          changes: [changesOf(counters, [row('a', Number(to))])],
        });
        expect(await one.commit(step(5n))).toBe('committed');
        expect(await other.commit(step(6n))).toBe('lost-race');
        expect(await other.checkpoint()).toBe(5n);
        expect(await rowsAt(other, counters, ['a'])).toEqual([row('a', 5)]);
      }));

    test('that moves the checkpoint nowhere still decides a race', () =>
      Fixture.using(open, async (fixture) => {
        const [one, other] = [await fixture.generation(model), await fixture.generation(model)];
        const step = (count: number): Step => ({
          from: 0n,
          to: 0n,
          steps: 0,
          changes: [changesOf(counters, [row('a', count)])],
        });
        expect(await one.commit(step(1))).toBe('committed');
        expect(await other.commit(step(2))).toBe('lost-race');
        expect(await rowsAt(other, counters, ['a'])).toEqual([row('a', 1)]);
      }));

    test('takes rows ahead: they are in with it, or not at all', () =>
      Fixture.using(open, async (fixture) => {
        const [one, other] = [await fixture.generation(model), await fixture.generation(model)];
        const receipt = (number: number) => ({ number, text: `receipt ${number}` });
        const ahead = (generation: Generation, number: number) =>
          generation.stage?.({ from: 0n, steps: 0 }, [changesOf(receipts, [receipt(number)])]);
        const step = (number: number): Step => ({
          from: 0n,
          to: 5n,
          steps: 0,
          changes: [changesOf(receipts, [receipt(number)])],
        });
        ahead(one, 1);
        one.unstage?.();
        ahead(one, 2);
        expect(await rowsAt(one, receipts, [2])).toEqual([]);
        expect(await one.checkpoint()).toBe(0n);
        expect(await one.commit(step(3))).toBe('committed');
        ahead(other, 4);
        expect(await other.commit(step(5))).toBe('lost-race');
        const there = one.stage === undefined ? [3] : [2, 3];
        expect(await rowsAt(other, receipts, [1], [2], [3], [4], [5])).toEqual(there.map(receipt));
      }));

    test('is won by exactly one of many at once', () =>
      Fixture.using(open, async (fixture) => {
        const generations = await Promise.all(Array.from({ length: 4 }, () => fixture.generation(model)));
        for (let round = 0; round < 10; round++) {
          const { position, steps } = await (generations[0] as (typeof generations)[0]).standing();
          const outcomes = await Promise.all(
            generations.map((generation, at) =>
              generation.commit({
                from: position,
                to: position + 1n,
                steps,
                changes: [changesOf(counters, [row('winner', at), row(`loser ${at}`, round)])],
              }),
            ),
          );
          expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
          const winner = outcomes.indexOf('committed');
          expect(await rowsAt(generations[round % 4] as never, counters, ['winner'])).toEqual([
            row('winner', winner),
          ]);
        }
      }));

    test.each<[string, () => Step['changes']]>([
      ['text where a number belongs', () => [changesOf(counters, [{ ...row('b', 1), count: 'x' as never }])]],
      ['a fraction where an integer belongs', () => [changesOf(counters, [row('b', 1.5)])]],
      ['a number that is none', () => [changesOf(counters, [row('b', Number.NaN)])]],
      [
        'nothing where something must be',
        () => [changesOf(counters, [{ ...row('b', 1), count: null as never }])],
      ],
      ['nothing in a key', () => [changesOf(counters, [row(undefined as never, 1)])]],
      ['an object that is no value', () => [changesOf(counters, [{ ...row('b', 1), words: {} as never }])]],
      ['a date', () => [changesOf(counters, [{ ...row('b', 1), words: new Date(0) as never }])]],
      ['a function', () => [changesOf(counters, [{ ...row('b', 1), words: (() => 1) as never }])]],
      [
        'a second row with the key of an appended one',
        () => [changesOf(receipts, [{ number: 1, text: 'again' }])],
      ],
    ])('with %s is refused, and nothing of it is written', (_, bad) =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await commit(generation, [changesOf(receipts, [{ number: 1, text: 'first' }])], 3n);
        const refused = commit(generation, [changesOf(counters, [row('a', 1)]), ...bad()]);
        await expect(refused).rejects.toMatchObject({ code: 'row-refused' });
        await expect(refused).rejects.toBeInstanceOf(ReadStoreError);
        expect(await generation.standing()).toEqual({ position: 3n, steps: 1 });
        expect(await rowsAt(generation, counters, ['a'])).toEqual([]);
        expect(await commit(generation, [changesOf(counters, [row('a', 2)])])).toBe('committed');
      }),
    );
  });

  describe('append-only rows', () => {
    test('are there after the load is finished, which may be said twice', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        expect(await generation.isLoading()).toBe(true);
        await commit(generation, [
          changesOf(
            receipts,
            [1, 2, 3].map((number) => ({ number, text: `t${number}` })),
          ),
        ]);
        await generation.finishLoading();
        await generation.finishLoading();
        expect(await generation.isLoading()).toBe(false);
        await commit(generation, [changesOf(receipts, [{ number: 4, text: 't4' }])]);
        const reader = await fixture.reader(model);
        const rows = await reader.read((snapshot) =>
          snapshot.all('SELECT number, text FROM receipts ORDER BY number'),
        );
        expect(rows).toEqual([1, 2, 3, 4].map((number) => ({ number, text: `t${number}` })));
        await fixture.close();
        expect(await (await fixture.generation(model)).isLoading()).toBe(false);
      }));
  });

  describe('a closed generation', () => {
    test('refuses everything, with the same code, and can be closed again', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.close();
        await generation.close();
        for (const late of [
          () => generation.checkpoint(),
          () => generation.load([]),
          () => generation.digest(),
          () => generation.finishLoading(),
          () => generation.commit({ from: 0n, to: 1n, steps: 0, changes: [] }),
        ])
          await expect(late()).rejects.toMatchObject({ code: 'read-store-closed' });
      }));

    test('has written the step that was on its way', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        const changes = [changesOf(counters, [row('a', 1)])];
        const step = generation.commit({ from: 0n, to: 5n, steps: 0, changes });
        const closed = generation.close();
        expect(await step).toBe('committed');
        await closed;
        expect(await (await fixture.generation(model)).checkpoint()).toBe(5n);
      }));
  });
}
