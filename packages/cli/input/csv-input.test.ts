import { expect, test } from 'vitest';
import { type CsvOptions, openCsv } from './csv-input.ts';
import { isFlaw } from './flaw.ts';

/** Columns, and lines as `number:a|b` or `number! reason`; the bytes come in pieces of `pieceBytes`. */
async function read(content: string | Buffer, options: CsvOptions = {}, pieceBytes = 7) {
  const bytes = Buffer.from(content);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const { columns, lines } = await openCsv(pieces(), 'input.csv', options);
  const seen: string[] = [];
  for await (const line of lines) {
    seen.push(
      isFlaw(line)
        ? `${line.lines.join()}! ${line.reasons.join()}`
        : `${line.number}:${line.values.join('|')}`,
    );
  }
  return { columns, lines: seen };
}

test('lines carry the number of the physical line they begin on', async () => {
  const content = '\ufeffa,b\r\n1,"x\r\ny ""z"""\r\n\r\n2,3\r\n4,5\n6,7';
  expect(await read(content)).toEqual({
    columns: ['a', 'b'],
    lines: ['2:1|x\ny "z"', '4:2|3', '6:4|5', '7:6|7'],
  });
});

test('lines that do not fit are flaws, and the lines around them are not lost', async () => {
  const { lines } = await read('a,b\n1,2\n3\n4,5,6\n7,8\n"x"y,9\n10,11\n');
  expect(lines).toEqual([
    '2:1|2',
    '3! has 1 fields where the header has 2',
    '4! has 3 fields where the header has 2',
    '5:7|8',
    '6:"x"y|9',
    '7:10|11',
  ]);
});

test('a quote that is never closed is reported where it opens', async () => {
  const { lines } = await read('a,b\n1,2\n"3,4\n5,6\n');
  expect(lines).toEqual(['2:1|2', expect.stringMatching(/^3! opens a quote that is never closed/)]);
});

test('a field without end is complained about once and not held in memory', async () => {
  const { lines } = await read(`a,b\n1,2\n"${'x,1\n'.repeat(800_000)}`, {}, 100_000);
  expect(lines).toEqual(['2:1|2', '3! is longer than 1048576 characters']);
});

test('other delimiters, quotes, encodings and headers', async () => {
  expect(await read("a;b\n'1;2';3\n", { delimiter: ';', quote: "'" })).toMatchObject({ lines: ['2:1;2|3'] });
  const gb18030 = Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xcd, 0xf5]), Buffer.from(',1\n')]);
  expect(await read(gb18030, { encoding: 'gb18030' }, 1)).toMatchObject({ lines: ['2:王|1'] });
  expect(await read('1,2\n', { columns: ['x', 'y'] })).toEqual({ columns: ['x', 'y'], lines: ['1:1|2'] });
});

test('bytes that are not text in the encoding reject their line only', async () => {
  const content = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff]), Buffer.from('\n2,3\n')]);
  expect(await read(content)).toMatchObject({ lines: ['2! is not text in the expected encoding', '3:2|3'] });
});

test('a file without a usable header is refused', async () => {
  await expect(read('')).rejects.toThrow('input.csv has no header line');
  await expect(read('a,b,a\n1,2,3\n')).rejects.toThrow('two columns named "a"');
});
