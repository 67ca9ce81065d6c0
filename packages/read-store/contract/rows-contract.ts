import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineTable, type JsonValue } from '../index.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { changesOf, commit, rowsAt, rowsWith, tableModel } from './table-model.ts';

interface Parcel {
  readonly code: string;
  readonly weight: number;
  readonly route: JsonValue;
  readonly note: string | null;
  readonly signedAt: number | null;
  readonly extras: JsonValue;
}

const parcels = defineTable<Parcel>({
  name: 'parcels',
  columns: {
    code: 'text',
    weight: 'integer',
    route: 'json',
    note: 'text?',
    signedAt: 'integer?',
    extras: 'json?',
  },
  key: ['code'],
  indexes: [['weight'], ['note', 'code']],
});

const stops = defineTable<{ code: string; at: number; place: string }>({
  name: 'stops',
  columns: { place: 'text', code: 'text', at: 'integer' },
  key: ['code', 'at'],
  indexes: [['place']],
});

/** Named and columned in ways that need quoting. */
const awkward = defineTable<{ order: number; 'group "by"': string }>({
  name: 'select',
  columns: { order: 'integer', 'group "by"': 'text' },
  key: ['order'],
  indexes: [['group "by"']],
});

const model = tableModel(parcels as never, stops as never, awkward as never);

const parcel: Parcel = {
  code: 'a',
  weight: 1,
  route: { from: '杭州', to: ['x', 1.5, true, null] },
  note: null,
  signedAt: null,
  extras: null,
};

/** PostgreSQL cannot hold a zero byte in text, nor any database half a surrogate pair. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => !one.includes('\0'));
const integer = fc.maxSafeInteger();
const json = fc
  .jsonValue({ stringUnit: 'grapheme' })
  .filter((one) => !JSON.stringify(one).includes('\\u0000'));
const anyParcel: fc.Arbitrary<Parcel> = fc.record({
  code: text,
  weight: integer,
  route: json.filter((value) => value !== null) as fc.Arbitrary<JsonValue>,
  note: fc.option(text),
  signedAt: fc.option(integer),
  extras: json as fc.Arbitrary<JsonValue>,
});

export function rowsContract(open: OpenHarness): void {
  describe('rows', () => {
    test('come back by key as they were put, whatever is in them', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        await fc.assert(
          fc.asyncProperty(fc.uniqueArray(anyParcel, { selector: (row) => row.code }), async (rows) => {
            await commit(generation, [changesOf(parcels, rows)]);
            // As JSON gives them back: -0 is 0.
            const expected = JSON.parse(JSON.stringify(rows)) as Parcel[];
            expect(await rowsAt(generation, parcels, ...rows.map((row) => [row.code]))).toEqual(expected);
          }),
          { numRuns: 40 },
        );
      }));

    test('are replaced by the same key and gone after a delete', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        await commit(generation, [changesOf(parcels, [parcel, { ...parcel, code: 'b' }])]);
        await commit(generation, [
          changesOf(parcels, [{ ...parcel, weight: 2, note: 'late' }], [['b'], ['never there']]),
        ]);
        expect(await rowsAt(generation, parcels, ['a'], ['b'], ['c'])).toEqual([
          { ...parcel, weight: 2, note: 'late' },
        ]);
      }));

    test('are found by all parts of their key, and answered in the order of the asks', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        const rows = [
          { code: 'a', at: 1, place: 'x' },
          { code: 'a', at: 10, place: 'y' },
          { code: 'b', at: 1, place: 'x' },
        ];
        await commit(generation, [changesOf(stops, rows)]);
        const answers = await generation.load([
          { kind: 'row', table: stops as never, key: ['b', 1] },
          { kind: 'row', table: stops as never, key: ['b', 10] },
          { kind: 'list', table: stops as never, column: 'place', value: 'x' },
          { kind: 'row', table: stops as never, key: ['a', 10] },
        ]);
        expect(answers[0]).toEqual([rows[2]]);
        expect(answers[1]).toEqual([]);
        expect(answers[2]?.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
          rows[0],
          rows[2],
        ]);
        expect(answers[3]).toEqual([rows[1]]);
        await commit(generation, [changesOf(stops, [], [['a', 10]])]);
        expect(await rowsAt(generation, stops, ['a', 1], ['a', 10], ['b', 1])).toEqual([rows[0], rows[2]]);
      }));

    test('are listed by the first column of each index, as they are now', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        const row = (code: string, weight: number, note: string | null) => ({
          ...parcel,
          code,
          weight,
          note,
        });
        await commit(generation, [
          changesOf(parcels, [row('a', 1, 'n'), row('b', 1, null), row('c', 2, 'n')]),
        ]);
        await commit(generation, [changesOf(parcels, [row('b', 2, 'n')], [['c']])]);
        const codes = async (column: 'weight' | 'note', value: string | number) =>
          (await rowsWith(generation, parcels, column, value)).map((found) => found.code).sort();
        expect(await codes('weight', 1)).toEqual(['a']);
        expect(await codes('weight', 2)).toEqual(['b']);
        expect(await codes('note', 'n')).toEqual(['a', 'b']);
        expect(await codes('note', 'nobody')).toEqual([]);
      }));

    test('tell text from text by every sign of it', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        const codes = ['a', 'A', 'a ', ' a', 'ä', 'a\u0308', '', '%', '_', "'", '"', '\\', '王', '😀', 'ﬀ'];
        await commit(generation, [
          changesOf(
            parcels,
            codes.map((code, weight) => ({ ...parcel, code, weight })),
          ),
        ]);
        for (const [weight, code] of codes.entries())
          expect(await rowsAt(generation, parcels, [code])).toEqual([{ ...parcel, code, weight }]);
      }));

    test('may live in tables and columns whose names mean something to the database', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        const row = { order: 7, 'group "by"': 'where' };
        await commit(generation, [changesOf(awkward, [row, { ...row, order: 8 }], [[9]])]);
        await commit(generation, [changesOf(awkward, [], [[8]])]);
        expect(await rowsWith(generation, awkward, 'group "by"', 'where')).toEqual([row]);
      }));

    test('may be large, and many in one step', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model as never);
        const texts = { route: 'x'.repeat(2_000_000), extras: '王'.repeat(100_000), note: '王'.repeat(600) };
        const large = { ...parcel, code: 'large', ...texts };
        const many = Array.from({ length: 30_000 }, (_, at) => ({ code: 'c', at, place: `p${at % 7}` }));
        await commit(generation, [changesOf(parcels, [large]), changesOf(stops, many)]);
        expect(await rowsAt(generation, parcels, ['large'])).toEqual([large]);
        expect((await rowsWith(generation, stops, 'place', 'p3')).length).toBe(4_286);
        await commit(generation, [
          changesOf(
            stops,
            [],
            many.map(({ code, at }) => [code, at]),
          ),
        ]);
        expect(await rowsWith(generation, stops, 'place', 'p3')).toEqual([]);
      }));
  });
}
