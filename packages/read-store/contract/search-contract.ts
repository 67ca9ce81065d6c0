import { describe, expect, test } from 'vitest';
import { defineTable, type Snapshot } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { changesOf, commit, tableModel } from './table-model.ts';

const notes = defineTable<{ number: number; words: string | null; kind: string }>({
  name: 'notes',
  columns: { number: 'integer', words: 'tokens', kind: 'text' },
  key: ['number'],
});

const log = defineTable<{ position: number; words: string }>({
  name: 'log',
  columns: { position: 'integer', words: 'tokens' },
  key: ['position'],
  appendOnly: true,
});

const model = tableModel(notes as never, log as never) as never;

const NOTES = [
  'red apple pie',
  'green apple',
  'red brick house',
  'li.lei@example.com +8613800138000 order:shop:8891',
  '王 小 明 王小 小明 退 款 退款',
  'and or not near "quoted" (bracket) under_score 50% a*b',
  'apple apple apple',
  '',
];

export function searchContract(open: OpenHarness): void {
  const searching = (work: (search: Snapshot['search'], table: typeof notes) => Promise<void>) =>
    Fixture.using(open, async (fixture) => {
      const generation = await fixture.generation(model);
      const rows = NOTES.map((words, number) => ({ number, words, kind: 'k' }));
      const positions = NOTES.map((words, position) => ({ position, words }));
      await commit(generation, [changesOf(notes, rows), changesOf(log, positions)]);
      await generation.finishLoading();
      const reader = await fixture.reader(model);
      for (const table of [notes, log as never])
        await reader.read((snapshot) => work(snapshot.search.bind(snapshot), table));
    });

  describe('search', () => {
    test.each<[string, readonly string[], readonly number[]]>([
      ['one word', ['apple'], [6, 1, 0]],
      ['rows that hold every word', ['apple', 'red'], [0]],
      ['a word given twice', ['apple', 'apple'], [6, 1, 0]],
      ['nothing where one word is missing', ['apple', 'brick'], []],
      ['the beginning of a word', ['gr*'], [1]],
      ['beginnings and words together', ['re*', 'hou*', 'brick'], [2]],
      ['no word by its middle or end', ['pple'], []],
      ['a sign of Chinese', ['王'], [4]],
      ['two signs of Chinese', ['退款'], [4]],
      ['Chinese by its beginning', ['退*'], [4]],
      ['an address', ['li.lei@example.com'], [3]],
      ['an address by its beginning', ['li.*'], [3]],
      ['a telephone number', ['+8613800138000'], [3]],
      ['a number by its beginning', ['+86138*'], [3]],
      ['a reference', ['order:shop:8891'], [3]],
      ['no part of an address', ['example'], []],
      ['words that mean something to databases', ['and', 'or', 'not', 'near'], [5]],
      ['words in quotes', ['"quoted"'], [5]],
      ['words in brackets', ['(bracket)', 'under_score', '50%'], [5]],
      ['a star inside a word', ['a*b'], [5]],
      ['words given in one', ['red apple'], [0]],
      ['nothing for nothing', [], []],
      ['nothing for empty words', ['', ' ', '*'], []],
      ['nothing that nobody said', ["o'brien", '--', ';drop'], []],
    ])('finds %s, greatest key first', (_, words, expected) =>
      searching(async (search, table) => {
        expect(await search(table as never, words, { limit: 10 })).toEqual(expected);
      }),
    );

    test('answers the greatest keys up to the limit', () =>
      searching(async (search, table) => {
        expect(await search(table as never, ['apple'], { limit: 2 })).toEqual([6, 1]);
        expect(await search(table as never, ['apple'], { limit: 0 })).toEqual([]);
      }));

    test('looks among the given keys only', () =>
      searching(async (search, table) => {
        expect(await search(table as never, ['apple'], { limit: 10, among: [0, 2, 6, 77] })).toEqual([6, 0]);
        expect(await search(table as never, ['apple'], { limit: 1, among: [0, 2, 6] })).toEqual([6]);
        expect(await search(table as never, ['apple'], { limit: 10, among: [] })).toEqual([]);
        const many = Array.from({ length: 5_000 }, (_, at) => at);
        expect(await search(table as never, ['app*'], { limit: 10, among: many })).toEqual([6, 1, 0]);
      }));

    test('finds words as they are now: replaced, kept by null, gone with the row, new with the next', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        const put = (number: number, words: string | null) =>
          commit(generation, [changesOf(notes, [{ number, words, kind: 'k' }])]);
        await put(1, 'one');
        await put(2, 'one two');
        await put(1, null);
        await put(2, 'two');
        await put(3, 'one');
        await commit(generation, [changesOf(notes, [], [[3]])]);
        await put(4, 'one');
        await commit(generation, [changesOf(notes, [], [[4]])]);
        await put(4, null);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const found = (word: string) =>
          reader.read((one) => one.search(notes as never, [word], { limit: 9 }));
        expect(await found('one')).toEqual([1]);
        expect(await found('two')).toEqual([2]);
      }));
  });
}
