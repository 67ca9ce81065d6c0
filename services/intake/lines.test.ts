import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCutter } from './lines.ts';

function cut(chunks: readonly Buffer[], maxLineBytes = 1_000): { index: number; text: string | undefined }[] {
  const cutter = new LineCutter(maxLineBytes);
  const found = [];
  for (const chunk of chunks) for (const line of cutter.cut(chunk)) found.push(line);
  const rest = cutter.rest();
  if (rest !== undefined) found.push(rest);
  return found.map(({ index, bytes }) => ({ index, text: bytes?.toString() }));
}

function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

test('lines are the same however the bytes arrive', () => {
  const text = fc
    .array(fc.constantFrom('a', '王', '\n', '\r\n', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 7 }), { maxLength: 30 }), (whole, sizes) => {
      const expected = whole
        .split('\n')
        .map((line, index) => ({ index, text: line }))
        .filter((line) => line.text.trim() !== '');
      expect(cut(chunksOf(Buffer.from(whole), sizes))).toEqual(expected);
    }),
  );
});

test('a line that is too long is reported once, in its place, and the next lines are whole', () => {
  const bytes = Buffer.from(`short\n${'x'.repeat(500)}\nnext`);
  for (const sizes of [[], Array(60).fill(10), [5, 1, 300, 100]]) {
    expect(cut(chunksOf(bytes, sizes), 100)).toEqual([
      { index: 0, text: 'short' },
      { index: 1, text: undefined },
      { index: 2, text: 'next' },
    ]);
  }
});

test('a last line that is too long and does not end is reported, too', () => {
  expect(cut([Buffer.from('x'.repeat(50)), Buffer.from('x'.repeat(60))], 100)).toEqual([
    { index: 0, text: undefined },
  ]);
});

test('a line of exactly the allowed size is whole', () => {
  expect(cut([Buffer.from(`${'x'.repeat(100)}\n`)], 100)).toEqual([{ index: 0, text: 'x'.repeat(100) }]);
});
