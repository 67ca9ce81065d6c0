import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tallyOf } from '../word-tally.ts';

const PRIME = 2 ** 31 - 1;
const db = new Database(':memory:');
const select = db.prepare(`SELECT ${tallyOf('value')} FROM json_each(?)`).pluck();
const tally = (keys: readonly number[]) => select.get(JSON.stringify(keys));
const key = fc.integer({ min: 0, max: PRIME - 1 });

test('tells sets apart that differ in one key or two', () => {
  const few = fc.uniqueArray(key, { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(few, fc.integer({ min: 1, max: 2 }), (keys, changed) => {
      const [common, mine, others] = [keys.slice(4), keys.slice(0, changed), keys.slice(2, 2 + changed)];
      expect(tally([...common, ...mine])).not.toBe(tally([...common, ...others]));
    }),
  );
});

test('tells two keys apart from the two with the same sum', () => {
  fc.assert(
    fc.property(key, key, fc.integer({ min: 1, max: 1_000 }), (a, b, by) => {
      fc.pre(a + by < PRIME && b >= by && a + by !== b);
      expect(tally([a + by, b - by])).not.toBe(tally([a, b]));
    }),
  );
});

test('is the same in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), (keys) => {
      expect(tally([...keys].reverse())).toBe(tally(keys));
    }),
  );
});
