import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesOf, commit, rowsAt, tableModel } from '../contract/table-model.ts';
import { defineTable } from '../index.ts';
import { toPostgres } from './portable-sql.ts';
import { fromStored, toStored } from './stored-text.ts';
import { TestDatabase } from './testing/database.ts';

/** Mostly of the signs that are escaped, with what sorts around them. */
const text = fc.string({
  unit: fc.constantFrom('\0', '\u0001', '\u0002', '\u0003', 'a', '王', '😀'),
  maxLength: 6,
});
const bytes = (one: string) => Buffer.from(one);

describe('text', () => {
  test('comes back as it was stored, without U+0000 in between', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(toStored(one)).not.toContain('\0');
        expect(fromStored(toStored(one))).toBe(one);
      }),
    );
  });

  test('keeps its order, and what is equal', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const order = Math.sign(bytes(one).compare(bytes(other)));
        expect(Math.sign(bytes(toStored(one)).compare(bytes(toStored(other))))).toBe(order);
      }),
    );
  });
});

describe('portable SQL', () => {
  test.each([
    ['SELECT a FROM t WHERE b = ? AND c IN (?, ?)', 'SELECT a FROM t WHERE b = $1 AND c IN ($2, $3)'],
    [
      `SELECT '?' AS q, "a?b" FROM t WHERE x = 'it''s ?' AND y = ?`,
      `SELECT '?' AS q, "a?b" FROM t WHERE x = 'it''s ?' AND y = $1`,
    ],
    [
      'SELECT e.happenedAt AS happenedAt FROM entries e',
      'SELECT e."happenedAt" AS "happenedAt" FROM entries e',
    ],
    [
      `SELECT "firstAt", 'firstAt' FROM t -- why? firstAt\n WHERE x = ?`,
      `SELECT "firstAt", 'firstAt' FROM t -- why? firstAt\n WHERE x = $1`,
    ],
    [
      'select count(*) AS n FROM data_subjects /* ? aB */ LIMIT ?',
      'select count(*) AS n FROM data_subjects /* ? aB */ LIMIT $1',
    ],
  ])('%s', (portable, ours) => {
    expect(toPostgres(portable)).toBe(ours);
  });
});

await TestDatabase.declare('values on PostgreSQL', (database) => {
  const things = defineTable<{ name: string; firstAt: number | null; words: string | null }>({
    name: 'things',
    columns: { name: 'text', firstAt: 'integer?', words: 'text?' },
    key: ['name'],
    indexes: [['firstAt']],
  });
  const model = tableModel(things as never) as never;

  test('any text and any safe integer are found again, by loads, by queries and in order', () =>
    database.using(async (open) => {
      const store = open();
      const generation = await store.openLive(model);
      await generation.finishLoading();
      const reader = await store.openReader(model);
      const rows = fc.uniqueArray(
        fc.record({ name: text, firstAt: fc.option(fc.maxSafeInteger()), words: fc.option(text) }),
        { selector: (row) => row.name, minLength: 1 },
      );
      await fc.assert(
        fc.asyncProperty(rows, async (some) => {
          await commit(generation, [changesOf(things, some)]);
          expect(await rowsAt(generation, things, ...some.map(({ name }) => [name]))).toEqual(some);
          const sql = 'SELECT name, firstAt, words FROM things WHERE name = ?';
          for (const row of some) expect(await reader.read((one) => one.all(sql, [row.name]))).toEqual([row]);
          const ordered = await generation.frozen((frozen) => frozen.page(things as never, { limit: 100 }));
          const names = some.map(({ name }) => name).sort((a, b) => bytes(a).compare(bytes(b)));
          expect(ordered.map((row) => (row as { name: string }).name)).toEqual(names);
          await commit(generation, [
            changesOf(
              things,
              [],
              some.map(({ name }) => [name]),
            ),
          ]);
        }),
        { numRuns: 30 },
      );
    }));

  test('a long name of an index is still a name of its own', () =>
    database.using(async (open) => {
      const [a, b] = ['first', 'second'].map((end) => `${'x'.repeat(55)}_${end}`) as [string, string];
      const long = defineTable<Record<string, string>>({
        name: 'long',
        columns: { k: 'text', [a]: 'text', [b]: 'text' },
        key: ['k'],
        indexes: [[a], [b]],
      });
      const store = open();
      const generation = await store.openLive(tableModel(long as never) as never);
      await commit(generation, [changesOf(long, [{ k: 'k', [a]: '1', [b]: '2' }])]);
      const [indexes] = await database.sql<{ n: string }>(
        "SELECT count(*) AS n FROM pg_indexes WHERE tablename = 'long' AND indexname LIKE 'long_by_%'",
      );
      expect(Number(indexes?.n)).toBe(2);
    }));
});
