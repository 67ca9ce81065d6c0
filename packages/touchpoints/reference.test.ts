import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normaliseReference, parseReference } from './reference.ts';

it('reads kind, system and id', () => {
  expect(parseReference(' Order:Shop: A:8891 ')).toEqual({
    uri: 'order:shop:A:8891',
    kind: 'order',
    system: 'shop',
    id: 'A:8891',
  });
});

it.each([
  '',
  '8891',
  'order:8891',
  'order:shop:',
  ':shop:1',
  'order::1',
  'my order:shop:1',
  'order:shop:a\nb',
  `order:shop:${'x'.repeat(512)}`,
])('refuses %j', (text) => {
  expect(parseReference(text)).toBeUndefined();
});

it('stays the same when it is normalised again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (id) => {
      const first = parseReference(`Order:shop:${id}`);
      fc.pre(first !== undefined);
      expect(parseReference(first.uri)).toEqual(first);
    }),
  );
});

it('is normalised as it is read, whether it is in its one way of writing already or not', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '.', ':', ' ', 'é', '李', '\n') });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const text = pieces.join(':');
      expect(normaliseReference(text)).toBe(parseReference(text)?.uri);
    }),
  );
  expect(normaliseReference(`order:shop:${'x'.repeat(512)}`)).toBeUndefined();
});
