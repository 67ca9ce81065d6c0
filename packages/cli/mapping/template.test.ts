import { expect, test } from 'vitest';
import { columnsOf, parseTemplate } from './template.ts';

function parse(text: string) {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.template;
}

test('columns stand in braces, anything else for itself', () => {
  expect(parse('account:shop:{no}-{sub no}')).toEqual([
    'account:shop:',
    { column: 'no' },
    '-',
    { column: 'sub no' },
  ]);
  expect(parse('{no}')).toEqual([{ column: 'no' }]);
  expect(parse('plain')).toEqual(['plain']);
  expect(parse('')).toEqual(['']);
  expect(columnsOf(parse('{a}{b}{a}'))).toEqual(['a', 'b', 'a']);
});

test('doubled braces stand for themselves', () => {
  expect(parse('{{{a}}}')).toEqual(['{', { column: 'a' }, '}']);
});

test.each([
  ['a{b', 'has a single "{"'],
  ['a}b', 'has a single "}"'],
  ['a{}b', 'without the name of a column'],
])('%s is refused', (text, expected) => {
  expect(parseTemplate(text)).toEqual({ problem: expect.stringContaining(expected) });
});
