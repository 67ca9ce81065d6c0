import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierWords, questionWords, searchWords } from './search-words.ts';

describe('words of a text', () => {
  test('are lower-cased letters and digits in Latin script', () => {
    expect(searchWords('Ring TWICE, order-8891!')).toEqual(['ring', 'twice', 'order', '8891']);
  });
  test('are single characters and neighbours in Han script', () => {
    expect(searchWords('退款单')).toEqual(['退', '退款', '款', '款单', '单']);
  });
  test('are the same for Traditional and Simplified', () => {
    expect(searchWords('客戶滿意')).toEqual(searchWords('客户满意'));
  });
  test('part where the script changes', () => {
    expect(searchWords('订单A8891号')).toEqual(['订', '订单', '单', 'a8891', '号']);
  });
  test('fold full-width forms', () => {
    expect(searchWords('ABC123')).toEqual(['abc123']);
  });
  test('are pictographs, whatever their colour and style, and flags', () => {
    expect(searchWords('Danke👍🏽👨‍👩‍👧 ❤️')).toEqual(['danke', '👍', '👨', '👩', '👧', '❤']);
    expect(searchWords('❤')).toEqual(searchWords('❤️'));
    expect(searchWords('发往🇨🇳')).toEqual(['发', '发往', '往', '🇨🇳']);
  });
  test('of a telephone number include the endings people remember', () => {
    expect(identifierWords('tel:+8613800138000')).toEqual(
      expect.arrayContaining(['8613800138000', '13800138000', '8000']),
    );
  });
});

describe('a question', () => {
  test('of one character asks for the character', () => {
    expect(questionWords('王')).toEqual(['王']);
  });
  test('of two characters asks for the pair', () => {
    expect(questionWords('客服')).toEqual(['客服']);
  });
  test('asks for the last Latin word by its beginning, since people search while they type', () => {
    expect(questionWords('green te')).toEqual(['green', 'te*']);
  });
  test('of a pictograph asks for it', () => {
    expect(questionWords('👍🏽')).toEqual(['👍*']);
  });
  test('of punctuation asks for nothing', () => {
    expect(questionWords(' ,。!')).toEqual([]);
  });
  test('finds every text it was cut from', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'客户戶退款王a1b é。 -'),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, fc.nat(30), fc.nat(6), (whole, from, length) => {
        const words = searchWords(whole);
        const runs = whole.normalize('NFKC').match(/\p{Script=Han}+/gu) ?? [];
        const run = runs[from % Math.max(1, runs.length)] ?? '';
        const asked = questionWords(
          Array.from(run)
            .slice(0, 1 + length)
            .join(''),
        );
        for (const word of asked) expect(words).toContain(word);
      }),
    );
  });
});
