import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventIdOf } from './event-id.ts';

it('never changes, so that repeats are recognised for ever', () => {
  expect(eventIdOf('/shop', 'order-8891')).toBe('9fa34c81-b5d7-5c4c-aa02-0e985cae2040');
});

it('is the UUID of version 5 of both names, whatever their length and script', () => {
  const text = fc
    .tuple(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 200 }))
    .map(([piece, times]) => piece.repeat(times));
  const namespace = Buffer.from('5c0fd5c2d9d04f0f9a4e6b1b7e1c3a52', 'hex');
  fc.assert(
    fc.property(text, text, (source, id) => {
      const digest = createHash('sha1')
        .update(namespace)
        .update(JSON.stringify([source, id]))
        .digest('hex');
      const eventid = eventIdOf(source, id);
      expect(eventid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const kept = (hex: string) => `${hex.slice(0, 12)} ${hex.slice(13, 16)} ${hex.slice(17, 32)}`;
      expect(kept(eventid.replaceAll('-', ''))).toBe(kept(digest));
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
