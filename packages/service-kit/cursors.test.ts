import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineCursor } from './cursors.ts';

const place = z.tuple([z.int(), z.string()]);
const cursor = defineCursor({ name: 'timeline', version: 2, place });

test('a place comes back from its cursor', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), (at, id) => {
      expect(cursor.decode(cursor.encode([at, id]))).toEqual([at, id]);
    }),
  );
});

test('cursors can stand in an address as they are', () => {
  expect(cursor.encode([1, '王>?&'])).toMatch(/^[\w-]+$/);
});

test('anything else is the problem invalid-cursor', () => {
  const foreign = [
    '',
    '!!',
    'null',
    defineCursor({ name: 'search', version: 2, place }).encode([1, 'a']),
    defineCursor({ name: 'timeline', version: 1, place }).encode([1, 'a']),
    defineCursor({ name: 'timeline', version: 2, place: z.string() }).encode('a'),
    cursor.encode([1, 'x'.repeat(5_000)]),
  ];
  for (const text of foreign) {
    expect(() => cursor.decode(text)).toThrow(
      expect.objectContaining({ code: 'invalid-cursor', status: 400 }),
    );
  }
});
