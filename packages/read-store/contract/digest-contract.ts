import { describe, expect, test } from 'vitest';
import { defineTable, type JsonValue } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { changesOf, commit, tableModel } from './table-model.ts';

interface Cell {
  readonly number: number;
  readonly text: string;
  readonly count: number | null;
  readonly note: string | null;
  readonly extras: JsonValue;
  readonly words: string | null;
}

const cells = defineTable<Cell>({
  name: 'cells',
  columns: {
    number: 'integer',
    text: 'text',
    count: 'integer?',
    note: 'text?',
    extras: 'json?',
    words: 'tokens',
  },
  key: ['number'],
  indexes: [['text']],
});

const appended = defineTable<{ number: number; words: string }>({
  name: 'appended',
  columns: { number: 'integer', words: 'tokens' },
  key: ['number'],
  appendOnly: true,
});

const model = tableModel(cells as never, appended as never) as never;

const cell = (number: number): Cell => ({
  number,
  text: `t${number}`,
  count: number,
  note: number % 2 ? null : `n${number}`,
  extras: { number },
  words: `w${number} both`,
});

export function digestContract(open: OpenHarness): void {
  const digestOf = async (...steps: readonly Parameters<typeof commit>[1][]) => {
    let digest: ReadonlyMap<string, string> = new Map();
    await Fixture.using(open, async (fixture) => {
      const generation = await fixture.generation(model);
      for (const changes of steps) await commit(generation, changes);
      digest = await generation.digest();
    });
    return digest;
  };
  const rows = Array.from({ length: 20 }, (_, number) => cell(number));
  const more = rows.map(({ number }) => ({ number, words: `w${number} all` }));

  describe('a digest', () => {
    test('is there for every table', async () => {
      expect([...(await digestOf()).keys()].sort()).toEqual(['appended', 'cells', 'parked', 'parking']);
    });

    test('is equal for equal rows, whatever way they came about', async () => {
      const straight = await digestOf([changesOf(cells, rows), changesOf(appended, more)]);
      const roundabout = await digestOf(
        [changesOf(cells, [...rows.slice(10), cell(99)].reverse()), changesOf(appended, more.slice(0, 5))],
        [
          changesOf(
            cells,
            [...rows.slice(5, 15)].map((row) => ({ ...row, count: 1, words: 'other words' })),
            [[99]],
          ),
        ],
        [changesOf(cells, rows), changesOf(appended, more.slice(5))],
        [
          changesOf(
            cells,
            rows.map((row) => ({ ...row, words: null })),
          ),
        ],
        [changesOf(cells, [], [[3], [4]])],
        [changesOf(cells, [cell(3), cell(4)])],
      );
      expect(roundabout).toEqual(straight);
    });

    test.each<[string, Partial<Cell>]>([
      ['text', { text: 'other' }],
      ['an integer', { count: 8 }],
      ['an integer that becomes null', { count: null }],
      ['text that becomes null', { note: null }],
      ['text that becomes empty', { note: '' }],
      ['JSON', { extras: { number: '4' } }],
      ['JSON that becomes null', { extras: null }],
      ['a word', { words: 'w4 every' }],
      ['no words', { words: '' }],
    ])('changes with one cell: %s', async (_, change) => {
      const before = await digestOf([changesOf(cells, rows)]);
      const after = await digestOf([changesOf(cells, rows.with(4, { ...cell(4), ...change }))]);
      expect(after.get('cells')).not.toBe(before.get('cells'));
      expect(after.get('appended')).toBe(before.get('appended'));
    });

    test('tells neither the order of words nor how often one was given', async () => {
      const told = (words: (number: number) => string) => [
        changesOf(
          cells,
          rows.map((row) => ({ ...row, words: words(row.number) })),
        ),
        changesOf(
          appended,
          more.map(({ number }) => ({ number, words: words(number) })),
        ),
      ];
      const once = await digestOf(told((number) => `both w${number} 红`));
      expect(await digestOf(told((number) => `红 w${number} both 红 w${number} both`))).toEqual(once);
    });

    test('changes when two rows exchange their words', async () => {
      const swap = (number: number): Cell => ({ ...cell(number), words: cell(number === 4 ? 5 : 4).words });
      const before = await digestOf([changesOf(cells, rows)]);
      const after = await digestOf([changesOf(cells, rows.with(4, swap(4)).with(5, swap(5)))]);
      expect(after).not.toEqual(before);
    });

    test('changes with a row more, a row less, and an appended word', async () => {
      const base = [changesOf(cells, rows), changesOf(appended, more)];
      const digests = await Promise.all([
        digestOf(base),
        digestOf(base, [changesOf(cells, [cell(20)])]),
        digestOf(base, [changesOf(cells, [], [[19]])]),
        digestOf([changesOf(cells, rows), changesOf(appended, more.with(7, { number: 7, words: 'w7' }))]),
      ]);
      expect(new Set(digests.map((one) => JSON.stringify([...one]))).size).toBe(4);
    });
  });
}
