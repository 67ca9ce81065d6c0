import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubjectKey } from './key-ring.ts';
import { keyIdOf, open, seal } from './seal.ts';

const key: SubjectKey = { id: 'k1', subject: 'a', secret: Buffer.alloc(32, 1) };
const otherKey: SubjectKey = { id: 'k1', subject: 'a', secret: Buffer.alloc(32, 2) };
const corrupt = expect.objectContaining({ code: 'sealed-text-corrupt', isRetryable: false });
const text = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('seal and open', () => {
  it('answers any text back, also in several scripts and of any size', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 400 }), text, (plain, times, event) => {
        const long = plain.repeat(times);
        expect(open(key, seal(key, long, event), event)).toBe(long);
      }),
    );
  });

  it('takes a text also as its UTF-8', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 400 }), (plain, times) => {
        const long = plain.repeat(times);
        expect(open(key, seal(key, Buffer.from(long), 'event'), 'event')).toBe(long);
      }),
    );
  });

  it('names its key in front', () => {
    expect(seal(key, 'plain', 'event')).toMatch(/^k1\.[A-Za-z0-9_-]+$/);
    expect(keyIdOf(seal(key, 'plain', 'event'))).toBe('k1');
  });

  it('never seals the same text to the same result', () => {
    const sealed = new Set(Array.from({ length: 1000 }, () => seal(key, 'plain', 'event')));
    expect(sealed.size).toBe(1000);
  });

  it('opens neither with another key nor for another event', () => {
    const sealed = seal(key, 'plain', 'event');
    expect(() => open(otherKey, sealed, 'event')).toThrow(corrupt);
    expect(() => open(key, sealed, 'other')).toThrow(corrupt);
    expect(() => open(key, sealed, 'event ')).toThrow(corrupt);
  });

  it('opens no text in which one character was changed', () => {
    const sealed = seal(key, 'a plain text', 'event');
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: sealed.length - 2 }),
        fc.constantFrom('A', 'b', '7'),
        (at, char) => {
          fc.pre(sealed[at] !== char);
          expect(() => open(key, sealed.slice(0, at) + char + sealed.slice(at + 1), 'event')).toThrow(
            corrupt,
          );
        },
      ),
    );
  });

  it.each(['', '.', 'k1', '.AAAA', 'k1.', 'k1.AAAA'])('calls %j corrupt', (sealed) => {
    expect(() => open(key, sealed, 'event')).toThrow(corrupt);
  });

  it.each(['', '.', 'no key', '.AAAA'])('finds no key id in %j', (sealed) => {
    expect(() => keyIdOf(sealed)).toThrow(corrupt);
  });

  it('answers a text that later calls do not change', () => {
    const first = seal(key, 'first', 'event');
    const opened = open(key, first, 'event');
    seal(key, 'second', 'event');
    expect(opened).toBe('first');
    expect(open(key, first, 'event')).toBe('first');
  });
});
