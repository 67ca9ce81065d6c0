import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseReference } from './reference.ts';

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
