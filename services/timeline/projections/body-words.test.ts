import { expect, test } from 'vitest';
import { bodyWords } from './body-words.ts';

const wordsOf = (data: object) => bodyWords(data as Record<string, unknown>).split(' ');

test('finds texts at any depth, and neither identifiers nor codes', () => {
  const words = wordsOf({
    about: ['order:shop:A-77'],
    channel: 'email',
    customer: { name: 'Zhang San', identifiers: ['mailto:hidden@example.cn'] },
    items: [{ name: 'Green tea' }],
  });
  expect(words).toEqual(['zhang', 'san', 'green', 'tea', 'shop', 'a', '77']);
});

test('of a long letter finds the subject, wherever it stands, and the beginning', () => {
  const letter = `Dear ${'word '.repeat(1_500)} farewell`;
  for (const data of [
    { letter, subject: 'Invoice 2231' },
    { subject: 'Invoice 2231', letter },
  ]) {
    const words = wordsOf(data);
    expect(words).toEqual(expect.arrayContaining(['invoice', '2231', 'dear']));
    expect(words).not.toContain('farewell');
    expect(words.length).toBeLessThan(900);
  }
});
