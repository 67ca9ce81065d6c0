import fc from 'fast-check';
import { expect, test } from 'vitest';

const { markWords } = await import(new URL('./fragments.js', import.meta.url).href);

const show = (text: string, question: string) =>
  markWords(text, question)
    .map((piece: { text: string; isMatch: boolean }) => (piece.isMatch ? `[${piece.text}]` : piece.text))
    .join('');

test.each([
  ['Order 8891 was late, late!', 'late', 'Order 8891 was [late], [late]!'],
  ['Margaret Smith', 'smith MAR', '[Mar]garet [Smith]'],
  ['客户要求退款', '退款', '客户要求[退款]'],
  ['abcd', 'abc bcd', '[abcd]'],
  ['tel:+8613800138000', '138 0013 8000', 'tel:+86[13800138000]'],
  ['+86 138 0013 8000', '13800138000', '+86 [138 0013 8000]'],
  ['+86 138 0013 8000', '8000', '+86 138 0013 [8000]'],
  ['a.c', 'a.c', '[a.c]'],
  ['abc', 'a.c', 'abc'],
  ['nothing', '', 'nothing'],
  ['<b>bold</b>', 'b', '<[b]>[b]old</[b]>'],
  ['İstanbul 1', 'istanbul', 'İstanbul 1'],
])('%j asked for %j reads %j', (text, question, marked) => {
  expect(show(text, question)).toBe(marked);
});

test('the pieces always make up the text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, question) => {
      expect(
        markWords(text, question)
          .map((piece: { text: string }) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
