import { expect, it } from 'vitest';
import { RecentCache } from './recent-cache.ts';

it('keeps at most twice its capacity', () => {
  const cache = new RecentCache<number>(10);
  for (let value = 0; value < 1_000; value++) {
    cache.set(`key ${value}`, value);
    expect(cache.size).toBeLessThanOrEqual(20);
  }
  expect(cache.get('key 999')).toBe(999);
  expect(cache.get('key 0')).toBeUndefined();
});

it('keeps what is asked for again and again', () => {
  const cache = new RecentCache<string>(10);
  cache.set('regular', 'here');
  for (let other = 0; other < 1_000; other++) {
    cache.set(`passing ${other}`, 'gone');
    expect(cache.get('regular')).toBe('here');
  }
});
