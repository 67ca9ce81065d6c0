import { expect, test } from 'vitest';
import { defineTable } from './index.ts';
import { RowCache } from './row-cache.ts';

const rowsTable = defineTable<{ name: string; count: number }>({
  name: 'rows',
  columns: { name: 'text', count: 'integer' },
  key: ['name'],
});

const MAX_ROWS = 80;
const STEP_ROWS = 5;

/** Looks at so many rows over and over, some in each step; answers how many of them the database was asked for, round by round. */
function asksOf(rows: RowCache, different: number): number[] {
  return [1, 2, 3].map(() => {
    let asked = 0;
    for (let from = 0; from < different; from += STEP_ROWS) {
      const asks = rows.missing([
        (wish) => {
          for (let at = from; at < from + STEP_ROWS; at++) wish.row(rowsTable, `row ${at}`);
        },
      ]);
      rows.accept(
        asks,
        asks.map((ask) => [{ name: ask.kind === 'row' ? ask.key[0] : '', count: 1 }]),
      );
      asked += asks.length;
      rows.evict(MAX_ROWS);
    }
    return asked;
  });
}

test('rows that come round in a circle that memory can hold are asked for once', () => {
  expect(asksOf(new RowCache([rowsTable as never]), MAX_ROWS)).toEqual([MAX_ROWS, 0, 0]);
});

test('of a larger circle no more rows are held than allowed', () => {
  const rounds = asksOf(new RowCache([rowsTable as never]), MAX_ROWS * 3);
  for (const asked of rounds) expect(asked).toBeGreaterThanOrEqual(MAX_ROWS * 2);
});

test('rows that are looked at in every step stay while others pass through', () => {
  const rows = new RowCache([rowsTable as never]);
  let asked = 0;
  for (let step = 0; step < 200; step++) {
    const asks = rows.missing([
      (wish) => {
        wish.row(rowsTable, 'kept');
        for (let at = 0; at < STEP_ROWS; at++) wish.row(rowsTable, `passing ${step} ${at}`);
      },
    ]);
    asked += asks.filter((ask) => ask.kind === 'row' && ask.key[0] === 'kept').length;
    rows.accept(
      asks,
      asks.map(() => []),
    );
    rows.evict(MAX_ROWS);
  }
  expect(asked).toBe(1);
});

test('a large row counts as several', () => {
  const table = defineTable<{ name: string; texts: readonly string[] }>({
    name: 'large_rows',
    columns: { name: 'text', texts: 'json' },
    key: ['name'],
  });
  const rows = new RowCache([table as never]);
  const look = (from: number) =>
    rows.missing([
      (wish) => {
        for (let at = from; at < from + STEP_ROWS; at++) wish.row(table, `row ${at}`);
      },
    ]);
  const texts = Array.from({ length: 10 }, () => 'x'.repeat(900));
  for (let from = 0; from < MAX_ROWS; from += STEP_ROWS) {
    const asks = look(from);
    rows.accept(
      asks,
      asks.map((ask) => [{ name: ask.kind === 'row' ? ask.key[0] : '', texts }]),
    );
    rows.evict(MAX_ROWS);
    expect(rows.held).toBeLessThanOrEqual(MAX_ROWS);
  }
  expect(look(0)).toHaveLength(STEP_ROWS);
  rows.put(table, { name: 'row 0', texts });
  rows.put(table, { name: 'row 0', texts: texts.slice(1) });
  expect(rows.changes).toBe(9);
  rows.takeBack();
  expect(rows.changes).toBe(0);
});
