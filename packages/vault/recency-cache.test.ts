import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecencyCache } from './recency-cache.ts';

describe('RecencyCache', () => {
  it('never answers anything but the last value set, and never holds more than its limit', () => {
    const call = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.option(fc.integer({ min: 0, max: 99 })));
    fc.assert(
      fc.property(fc.array(call), fc.integer({ min: 2, max: 10 }), (calls, limit) => {
        const cache = new RecencyCache<number, number>(limit);
        const model = new Map<number, number>();
        for (const [key, value] of calls) {
          if (value === null) expect([undefined, model.get(key)]).toContain(cache.get(key));
          else cache.set(key, value);
          if (value !== null) model.set(key, value);
        }
        const held = [...model.keys()].filter((key) => cache.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('keeps what is asked for while others come and go', () => {
    const cache = new RecencyCache<string, number>(4);
    cache.set('kept', 1);
    for (let index = 0; index < 100; index++) {
      cache.set(`other-${index}`, index);
      expect(cache.get('kept')).toBe(1);
    }
    expect(cache.get('other-0')).toBeUndefined();
  });

  it('forgets everything when cleared', () => {
    const cache = new RecencyCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.clear();
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, undefined]);
  });
});
