import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFlaw } from './flaw.ts';
import { readJsonLines } from './json-lines.ts';

async function read(pieces: readonly Buffer[]): Promise<string[]> {
  async function* chunks() {
    yield* pieces;
  }
  const seen: string[] = [];
  for await (const line of readJsonLines(chunks())) {
    seen.push(isFlaw(line) ? `${line.lines.join()}! ${line.reasons.join()}` : `${line.number}:${line.text}`);
  }
  return seen;
}

test('lines are the same however the bytes are cut, blank ones only counted', async () => {
  const text = fc
    .array(fc.constantFrom('{"a":1}', '', '  ', '{"b":"王"}'), { maxLength: 8 })
    .map((lines) => lines.join('\n'));
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(text, cuts, async (content, places) => {
      const bytes = Buffer.from(content);
      const sorted = [0, ...places.sort((a, b) => a - b), bytes.length];
      const pieces = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
      const expected = content
        .split('\n')
        .flatMap((line, index) => (line.trim() === '' ? [] : [`${index + 1}:${line}`]));
      expect(await read(pieces)).toEqual(expected);
    }),
  );
});

test('an overlong line becomes a flaw and the next one is read', async () => {
  const long = Buffer.alloc(700_000, 'x');
  expect(await read([long, long, Buffer.from('\n{}\n')])).toEqual([
    '1! is longer than 1048576 bytes',
    '2:{}',
  ]);
});
