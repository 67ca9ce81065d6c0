import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenKeys } from './seen-keys.ts';

test('no key that was added is ever denied', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.maxSafeInteger())), (ids) => {
      const seen = new SeenKeys();
      for (const id of ids) seen.add(id);
      for (const id of ids) expect(seen.has(id)).toBe(true);
    }),
  );
});

test.each<[string, (at: number) => string | number]>([
  ['text', (at) => `order:shop:${at}`],
  ['small numbers', (at) => at],
  ['large numbers', (at) => 2 ** 40 + at],
  ['negative numbers', (at) => -at - 1],
])('among 300,000 keys of %s few are taken for seen that were not', (_, idAt) => {
  const seen = new SeenKeys();
  for (let at = 0; at < 300_000; at++) seen.add(idAt(at));
  let mistaken = 0;
  for (let at = 300_000; at < 400_000; at++) if (seen.has(idAt(at))) mistaken++;
  expect(mistaken).toBeLessThan(1_000);
});
