import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from './json.ts';

test('every JSON value is read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(readJson(Buffer.from(JSON.stringify(value)))).toEqual({
        ok: true,
        value: JSON.parse(JSON.stringify(value)),
      });
    }),
  );
});

test('bytes that are not UTF-8 are refused with the place of the first', () => {
  const cases: [Buffer, number][] = [
    [Buffer.from([0x22, 0xff, 0x22]), 1],
    [Buffer.concat([Buffer.from('"王\uFFFD'), Buffer.from([0xe7, 0x8e]), Buffer.from('"')]), 7],
    [Buffer.from([0xc0, 0xaf]), 0],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1],
    [Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xf0, 0x9f, 0x98])]), 6],
  ];
  for (const [bytes, at] of cases) {
    expect(readJson(bytes)).toEqual({
      ok: false,
      code: 'invalid-utf8',
      detail: `The text is not UTF-8 at byte ${at}.`,
    });
  }
});

test('truncated JSON is refused as ending too early', () => {
  const whole = JSON.stringify({ a: { b: [1, 2] }, c: 'text' });
  for (let length = 1; length < whole.length; length += 1) {
    const read = readJson(Buffer.from(whole.slice(0, length)));
    expect(read).toEqual({
      ok: false,
      code: 'invalid-json',
      detail: 'The text ends before its value is complete.',
    });
  }
});

test('what is wrong with JSON is told without repeating any of it', () => {
  for (const text of ['{"name":"Li Lei",,}', '{"phone":13800138000 x}', 'Li Lei', '{"a":"Li\nLei"}']) {
    const read = readJson(Buffer.from(text));
    expect(read).toMatchObject({ ok: false, code: 'invalid-json' });
    expect(JSON.stringify(read)).not.toMatch(/Li|Lei|138/);
  }
  expect(readJson(Buffer.from('{"a":1,}'))).toMatchObject({ detail: 'The text is not JSON at character 7.' });
});

test('a byte order mark is skipped', () => {
  expect(readJson(Buffer.from('\uFEFF{"a":1}'))).toEqual({ ok: true, value: { a: 1 } });
});

test('nesting without end is read: whoever walks a value bounds how deep', () => {
  expect(readJson(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))).ok).toBe(true);
});
