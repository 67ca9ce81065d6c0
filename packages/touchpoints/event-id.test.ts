import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventIdOf } from './event-id.ts';

it('never changes, so that repeats are recognised for ever', () => {
  expect(eventIdOf('/shop', 'order-8891')).toBe('9fa34c81-b5d7-5c4c-aa02-0e985cae2040');
});

it('is a UUID of version 5', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (source, id) => {
      expect(eventIdOf(source, id)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

it('differs for different pairs, however source and id are cut', () => {
  expect(eventIdOf('a', 'b c')).not.toBe(eventIdOf('a b', 'c'));
  expect(eventIdOf('a","b', 'c')).not.toBe(eventIdOf('a', 'b","c'));
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', ' ', '\ud800', '\ud801', '李') });
  const pair = fc.tuple(text, text);
  fc.assert(
    fc.property(pair, pair, ([source, id], [otherSource, otherId]) => {
      const isSame = source === otherSource && id === otherId;
      expect(eventIdOf(source, id) === eventIdOf(otherSource, otherId)).toBe(isSame);
    }),
  );
});
