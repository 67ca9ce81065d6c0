import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal, parseDecimal, rescale } from './decimal.ts';

function to(text: string, scale: number, round = false): string | undefined {
  const decimal = parseDecimal(text);
  const scaled = decimal && rescale(decimal, scale, round);
  return scaled && formatDecimal(scaled);
}

test.each([
  ['3.86', '3.86'],
  ['-0.5', '-0.50'],
  ['.5', '0.50'],
  ['7.', '7.00'],
  ['1e3', '1000.00'],
  ['1.25E+1', '12.50'],
  ['0.100', '0.10'],
  ['99999999999999999999.99', '99999999999999999999.99'],
])('%s has two digits as %s', (text, expected) => expect(to(text, 2)).toBe(expected));

test.each(['', '.', '-', '1,5', '0x10', '1e', 'NaN', 'Infinity', '1 2', '1e1000'])(
  '%j is not a number',
  (text) => expect(parseDecimal(text)).toBeUndefined(),
);

test('digits are lost only on request, halves going away from zero', () => {
  expect(to('1.005', 2)).toBeUndefined();
  expect(to('1.005', 2, true)).toBe('1.01');
  expect(to('-1.005', 2, true)).toBe('-1.01');
  expect(to('4.440892e-16', 2, true)).toBe('0.00');
});

test('text survives being read and written', () => {
  const plain = fc
    .tuple(fc.bigInt(), fc.nat({ max: 20 }))
    .map(([units, scale]) => formatDecimal({ units, scale }));
  fc.assert(
    fc.property(plain, (text) => {
      const read = parseDecimal(text);
      expect(read && formatDecimal(read)).toBe(text);
    }),
  );
});

test('rounding is never further away than half of the last digit', () => {
  const value = fc.record({
    units: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    scale: fc.integer({ min: 3, max: 9 }),
  });
  fc.assert(
    fc.property(value, (decimal) => {
      const rounded = rescale(decimal, 2, true)?.units ?? 0n;
      const step = 10n ** BigInt(decimal.scale - 2);
      const error = rounded * step - decimal.units;
      expect((error < 0n ? -error : error) * 2n <= step).toBe(true);
    }),
  );
});
