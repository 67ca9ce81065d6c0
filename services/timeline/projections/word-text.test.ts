import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifierWords, searchWords } from '../search-words.ts';
import { WordText } from './word-text.ts';

const PLAIN = '退款戶aZ9 ,,。、(“…_&-';
const OTHER = 'éQ👍🏽ß𠮷〇ー';

const words = new WordText();

function wordsIn(add: (words: WordText) => void): string[] {
  words.clear();
  add(words);
  return words.toString().split(' ').filter(Boolean);
}

const textOf = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 30 });

test('holds the words of each text, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(textOf(PLAIN), textOf(PLAIN + OTHER)), { maxLength: 5 }), (texts) => {
      const found = wordsIn((into) => {
        for (const text of texts) into.addText(text);
      });
      expect(found).toEqual(texts.flatMap(searchWords));
    }),
  );
});

test('knows every code unit of the plain way as the long way does', () => {
  const different: string[] = [];
  for (let unit = 0; unit < 0x10000; unit++) {
    const text = `a${String.fromCharCode(unit)}款`;
    const found = wordsIn((into) => into.addText(text)).join(' ');
    if (found !== searchWords(text).join(' ')) different.push(unit.toString(16));
  }
  expect(different).toEqual([]);
});

test('cuts a long word as the long way does', () => {
  const text = `${'x'.repeat(70)} ${'退'.repeat(70)} ${'y'.repeat(64)}`;
  expect(wordsIn((into) => into.addText(text))).toEqual(searchWords(text));
});

test.each(['order:shop:A-77', 'tel:+8613800138000', 'case:crm:投诉'])(
  'holds the words of %s',
  (identifier) => {
    expect(wordsIn((into) => into.addIdentifier(identifier))).toEqual(identifierWords(identifier));
  },
);

test('grows for more than it held at first, and is empty once cleared', () => {
  words.clear();
  for (let times = 0; times < 10; times++) words.addText('绿茶杯'.repeat(2_000));
  expect(words.toString().split(' ')).toHaveLength(10 * (2 * 6_000 - 1));
  words.clear();
  expect(words.toString()).toBe('');
});
