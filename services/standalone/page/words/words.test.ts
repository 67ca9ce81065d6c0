import { readdirSync, readFileSync } from 'node:fs';
import { PROBLEMS } from '@touchline/service-kit';
import { CHANNELS, catalogue, DIRECTIONS, GROUPS, IDENTIFIER_KINDS, STAGES } from '@touchline/touchpoints';
import { describe, expect, test } from 'vitest';

const load = (file: string) => import(new URL(file, import.meta.url).href);
const { WORDS } = await load('./words.js');
const { NAMES, nameOf } = await load('./names.js');
const { typeName } = await load('./type-names.js');
const { fieldName } = await load('./field-names.js');
const { CHINESE_PROBLEMS } = await load('./problem-words.js');
const { chooseLanguage, localeOf, word } = await load('./language.js');

const HAN = /\p{Script=Han}/u;
const words = Object.entries(WORDS) as [string, { en: string; zh: string }][];
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

describe('the words of the page', () => {
  test('are said in both languages, about the same things', () => {
    const lacking = words.filter(([, { en, zh }]) => en.trim() === '' || !HAN.test(zh) || HAN.test(en));
    expect(lacking).toEqual([]);
    for (const [key, { en, zh }] of words)
      expect([key, placeholders(en.split('|').at(-1) ?? '')]).toEqual([key, placeholders(zh)]);
  });

  test('each is used, and each that is used is there', () => {
    const source = pageSource();
    const asked = [...source.matchAll(/\bt\('(\w+)'|data-word(?:-label|-placeholder)?="(\w+)"/g)];
    const used = asked.map(([, inCode, inPage]) => inCode ?? inPage);
    expect(used.filter((key) => !Object.hasOwn(WORDS, String(key)))).toEqual([]);
    expect(words.map(([key]) => key).filter((key) => !new RegExp(`['"]${key}['"]`).test(source))).toEqual([]);
  });

  test.each(['index.html', 'operations.html'])(
    'what stands in %s before any script runs is what the table says',
    (page) => {
      const html = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
      const said = [
        ...html.matchAll(/<\w+[^>]*?(?: lang="(\w+)[^"]*")?[^>]*? data-word="(\w+)"[^>]*>([^<]*)</g),
      ];
      expect(said.length).toBeGreaterThan(4);
      for (const [, lang = 'en', key = '', text] of said) expect(text).toBe(WORDS[key][lang]);
    },
  );

  test('a number chooses its form', () => {
    expect(word('en', 'touchpoints', { n: 1 })).toBe('1 touchpoint');
    expect(word('en', 'touchpoints', { n: 1_204 })).toBe('1,204 touchpoints');
    expect(word('zh', 'touchpoints', { n: 1_204 })).toBe('1,204 次接触');
  });

  test('what is filled in is not read for places to fill', () => {
    expect(word('en', 'nothingFound', { q: '{n} $& {q}' })).toBe('Nothing was found for “{n} $& {q}”.');
  });
});

describe('names', () => {
  test('every type of the catalogue has one in both languages, and its group', () => {
    for (const { type, group } of catalogue.types.values())
      expect([type, typeName(type)]).toEqual([
        type,
        { group, en: expect.stringMatching(/^[A-Z]/), zh: expect.stringMatching(HAN) },
      ]);
  });

  test('every group has a colour', () => {
    const styles = readFileSync(new URL('../styles/entry.css', import.meta.url), 'utf8');
    expect(GROUPS.filter((group) => !new RegExp(`^\\.${group}[ ,{]`, 'm').test(styles))).toEqual([]);
  });

  test.each([
    ['channel', CHANNELS],
    ['direction', DIRECTIONS],
    ['stage', STAGES],
    ['kind', IDENTIFIER_KINDS],
  ] as const)('every %s of the language has one', (group, values) => {
    expect(Object.keys(NAMES[group]).sort()).toEqual([...values].sort());
    for (const value of values) expect(nameOf(group, value, 'zh')).toMatch(HAN);
  });

  test('what has none is shown as it was recorded', () => {
    expect(nameOf('department', 'toString', 'en')).toBe('toString');
    expect(typeName('touchline.thing.happened.v2')).toEqual({
      group: 'other',
      en: 'thing.happened',
      zh: 'thing.happened',
    });
  });

  test('fields are named by their words', () => {
    expect(fieldName('previousDueAt', 'en')).toBe('Previous due at');
    expect(fieldName('durationSeconds', 'en')).toBe('Duration');
    expect(fieldName('dueAt', 'zh')).toBe('期限');
    expect(fieldName('constructor', 'zh')).toBe('Constructor');
  });
});

test('every problem with a Chinese title is one that the server may answer', () => {
  expect(Object.keys(CHINESE_PROBLEMS).filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
});

describe('the language to begin with', () => {
  test.each([
    ['zh', ['en-US'], 'zh'],
    [null, ['zh-TW', 'en'], 'zh'],
    [null, ['fr-FR', 'EN-gb', 'zh'], 'en'],
    [null, ['fr-FR'], 'en'],
    ['klingon', [], 'en'],
  ])('remembered %s, preferred %j: %s', (remembered, preferred, language) => {
    expect(chooseLanguage(remembered, preferred)).toBe(language);
  });

  test('readers of English keep their order of day and month', () => {
    expect(localeOf('en', ['zh-CN', 'en-US'])).toBe('en-US');
    expect(localeOf('en', ['en'])).toBe('en-GB');
    expect(localeOf('zh', ['en-US'])).toBe('zh-CN');
  });
});

/** The page's own code and markup, without the tables of words. */
function pageSource(): string {
  const page = new URL('..', import.meta.url);
  return readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:js|html)$/.test(path) && !/(?:words|names)\.js$/.test(path))
    .map((path) => readFileSync(new URL(path, page), 'utf8'))
    .join('\n');
}
