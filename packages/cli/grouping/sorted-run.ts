import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isFlaw } from '../input/flaw.ts';
import { readJsonLines } from '../input/json-lines.ts';
import type { Line } from '../mapping/compiled.ts';

const WRITE_BYTES = 1024 * 1024;
const READ_BYTES = 64 * 1024;

export interface KeyedLine {
  readonly key: string;
  readonly line: Line;
}

/** By key, lines of one key in the order of the file. */
export function compareKeyed(a: KeyedLine, b: KeyedLine): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.line.number - b.line.number;
}

/** Writes sorted lines to a file that only its owner may read. */
export async function writeRun(
  path: string,
  rows: Iterable<KeyedLine> | AsyncIterable<KeyedLine>,
): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  let pending = '';
  for await (const { key, line } of rows) {
    pending += `${JSON.stringify([key, line.number, ...line.values])}\n`;
    if (pending.length < WRITE_BYTES) continue;
    await file.write(pending);
    pending = '';
  }
  await file.write(pending);
}

export async function* readRun(path: string): AsyncGenerator<KeyedLine> {
  for await (const row of readJsonLines(createReadStream(path, { highWaterMark: READ_BYTES }))) {
    if (isFlaw(row)) throw new Error(`a sorted run has a line that ${row.reasons.join(', ')}`);
    const [key, number, ...values] = JSON.parse(row.text.toString()) as [string, number, ...string[]];
    yield { key, line: { number, values } };
  }
}

/** Merges sorted sources into one. */
export async function* mergeRuns(sources: readonly AsyncIterator<KeyedLine>[]): AsyncGenerator<KeyedLine> {
  const heads: { row: KeyedLine; source: AsyncIterator<KeyedLine> }[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (!first.done) heads.push({ row: first.value, source });
  }
  for (;;) {
    const [first, ...others] = heads;
    if (first === undefined) return;
    const least = others.reduce((best, head) => (compareKeyed(head.row, best.row) < 0 ? head : best), first);
    yield least.row;
    const next = await least.source.next();
    if (next.done) heads.splice(heads.indexOf(least), 1);
    else least.row = next.value;
  }
}
