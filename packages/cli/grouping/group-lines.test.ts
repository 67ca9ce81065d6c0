import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Flaw, isFlaw } from '../input/flaw.ts';
import type { Line } from '../mapping/compiled.ts';
import { type Grouping, groupLines } from './group-lines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-grouping-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function group(keys: readonly string[], options: Partial<Grouping> = {}): Promise<string[]> {
  async function* lines(): AsyncGenerator<Line | Flaw> {
    for (const [index, key] of keys.entries()) yield { number: index + 2, values: [key, `v${index}`] };
  }
  const seen: string[] = [];
  const grouping = { keyOf: (line: Line) => line.values[0] ?? '', folder, ...options };
  for await (const found of groupLines(lines(), grouping)) {
    if (isFlaw(found)) seen.push(`${found.lines.join()}! ${found.reasons.join()}`);
    else seen.push(`${found[0]?.values[0]}:${found.map(({ number }) => number).join(' ')}`);
  }
  return seen;
}

test('lines of one key come together in the order of the file, whatever lies between them', async () => {
  expect(await group(['b', 'a', 'b', 'c', 'a'])).toEqual(['a:3 6', 'b:2 4', 'c:5']);
});

test('a line without a key is a flaw', async () => {
  expect(await group(['a', '', 'a'])).toEqual([
    '3! has nothing in a column that lines are grouped by',
    'a:2 4',
  ]);
});

test('the memory allowed changes nothing but where lines wait, and nothing is left behind', async () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'zä', '王', '"', '\n'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(keys, fc.constantFrom(1, 300, 2_000), async (chosen, maxMemoryBytes) => {
      expect(await group(chosen, { maxMemoryBytes })).toEqual(await group(chosen));
      expect(await readdir(folder)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('more runs than are merged at once', async () => {
  const keys = Array.from({ length: 300 }, (_, index) => `k${(index * 7) % 100}`);
  expect(await group(keys, { maxMemoryBytes: 1 })).toEqual(await group(keys));
});

test('temporary files are readable by their owner only, and gone when the reader goes away early', async () => {
  async function* lines(): AsyncGenerator<Line> {
    for (let number = 1; number < 20; number++) yield { number, values: [`k${number}`] };
  }
  for await (const _ of groupLines(lines(), {
    keyOf: (line) => line.values[0] ?? '',
    maxMemoryBytes: 1,
    folder,
  })) {
    expect(await readdir(folder)).toHaveLength(1);
    break;
  }
  expect(await readdir(folder)).toEqual([]);
});

test('when stopped it ends without groups that may not be complete', async () => {
  expect(await group(['a', 'b', 'a'], { stop: AbortSignal.abort() })).toEqual([]);
});
