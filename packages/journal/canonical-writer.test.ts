import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CanonicalWriter } from './canonical-writer.ts';

const json = fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value)));

describe('canonical JSON', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('differs when the value differs', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isSame(one, other));
      }),
    );
  });

  it('orders keys by code units, leaves out what is undefined, and escapes as JSON.stringify does', () => {
    const value = { b: 1, é: 2, a: undefined, '"': '\u2028"\\\n\ud800', A: [undefined, {}, []] };
    expect(canonicalJson(value)).toBe('{"\\"":"\u2028\\"\\\\\\n\\ud800","A":[null,{},[]],"b":1,"é":2}');
  });

  it('is what JSON.stringify writes, where there is nothing to order', () => {
    const text = fc.string({ unit: 'binary' });
    const values = fc.array(fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)));
    fc.assert(
      fc.property(values, (unordered) => {
        expect(canonicalJson(unordered)).toBe(JSON.stringify(unordered));
      }),
    );
  });

  it('takes texts of any length and script, and keeps what was written before them', () => {
    const pieces = fc.constantFrom('a', 'é', '李', '𠮷', '"', '\u2028', '\ud800');
    const long = fc.tuple(pieces, pieces, fc.integer({ min: 1, max: 30_000 }));
    fc.assert(
      fc.property(fc.array(long, { maxLength: 4 }), (texts) => {
        const value = texts.map(([first, last, times]) => first.repeat(times) + last);
        expect(canonicalJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('orders also objects of many keys', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `k${(index * 37) % 100}`);
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(Object.keys(JSON.parse(text))).toEqual([...keys].sort());
  });
});

/** Not the first thing its writer writes. */
function canonicalJson(value: unknown): string {
  const writer = new CanonicalWriter();
  writer.write('what was written before');
  writer.clear();
  writer.write(value);
  return String(writer.written);
}

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    return false;
  }
}
