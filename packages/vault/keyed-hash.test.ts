import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedFingerprint, pseudonym } from './keyed-hash.ts';

const pepper = Buffer.alloc(32, 1);
const otherPepper = Buffer.alloc(32, 2);

describe('keyed hashes', () => {
  it('stay what they are, because the log is full of them', () => {
    expect(pseudonym(pepper, 'mailto:li.lei@example.com')).toMatchInlineSnapshot(
      `"cc1ca39438f7e8cfcf50330d"`,
    );
    expect(keyedFingerprint(pepper, '{"a":1}')).toMatchInlineSnapshot(`"BjYgzvtDHeIM24JUDlofgejy"`);
  });

  it('are 24 hex digits and 24 characters of base64url for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pseudonym(pepper, text)).toMatch(/^[0-9a-f]{24}$/);
        expect(keyedFingerprint(pepper, text)).toMatch(/^[A-Za-z0-9_-]{24}$/);
      }),
    );
  });

  it('differ for different texts and different peppers', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        expect(pseudonym(pepper, one)).not.toBe(pseudonym(pepper, other));
        expect(pseudonym(pepper, one)).not.toBe(pseudonym(otherPepper, one));
        expect(keyedFingerprint(pepper, one)).not.toBe(keyedFingerprint(pepper, other));
        expect(keyedFingerprint(pepper, one)).not.toBe(keyedFingerprint(otherPepper, one));
      }),
    );
  });

  it('do not give each other away', () => {
    const hash = Buffer.from(pseudonym(pepper, 'text'), 'hex');
    expect(Buffer.from(keyedFingerprint(pepper, 'text'), 'base64url').subarray(0, 12)).not.toEqual(hash);
  });

  it('take a text also as its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(keyedFingerprint(pepper, Buffer.from(text))).toBe(keyedFingerprint(pepper, text));
      }),
    );
  });

  it('take texts of any length', () => {
    const long = '字'.repeat(100_000);
    expect(keyedFingerprint(pepper, long)).not.toBe(keyedFingerprint(pepper, `${long}字`));
    expect(keyedFingerprint(pepper, long)).toBe(keyedFingerprint(pepper, long));
  });
});
