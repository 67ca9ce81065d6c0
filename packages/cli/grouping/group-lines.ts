import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flaw, isFlaw } from '../input/flaw.ts';
import type { Line } from '../mapping/compiled.ts';
import { compareKeyed, type KeyedLine, mergeRuns, readRun, writeRun } from './sorted-run.ts';

/** Runs merged at once; more are first merged into one. Each costs a file handle and a small buffer. */
const MAX_RUNS = 64;
const MAX_LINES_PER_GROUP = 10_000;
/** What the objects around the characters take. */
const LINE_OVERHEAD_BYTES = 200;
const VALUE_OVERHEAD_BYTES = 40;
export const DEFAULT_MEMORY_BYTES = 32 * 1024 * 1024;

export interface Grouping {
  /** Key of a line's group; lines with an empty key are flaws. */
  readonly keyOf: (line: Line) => string;
  /** Roughly what lines may take in memory before they are sorted and set down in a temporary file. */
  readonly maxMemoryBytes?: number;
  /** Where temporary files go; they are deleted in the end. Default the system's folder for them. */
  readonly folder?: string;
  /** Ends it, without groups that may not be complete. */
  readonly stop?: AbortSignal;
  /** Called when every line has been read and groups begin. */
  readonly onSorted?: (lines: number) => void;
}

/**
 * Brings lines of the same key together, wherever in the file they are: flaws first, as they are met, then groups
 * ordered by key, the lines of each in the order of the file. Memory is bounded by `maxMemoryBytes` and one group;
 * beyond, lines wait in temporary files.
 */
export async function* groupLines(
  lines: AsyncIterable<Line | Flaw>,
  grouping: Grouping,
): AsyncGenerator<readonly Line[] | Flaw> {
  await using runs = new Runs(grouping.folder ?? tmpdir());
  const maxBytes = grouping.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES;
  let held: KeyedLine[] = [];
  let heldBytes = 0;
  let count = 0;
  for await (const line of lines) {
    if (grouping.stop?.aborted) return;
    const keyed = isFlaw(line) ? line : withKey(line, grouping);
    if (isFlaw(keyed)) {
      yield keyed;
      continue;
    }
    held.push(keyed);
    count += 1;
    heldBytes += sizeOf(keyed.line);
    if (heldBytes < maxBytes) continue;
    await runs.add(held.sort(compareKeyed));
    held = [];
    heldBytes = 0;
  }
  grouping.onSorted?.(count);
  yield* adjacentGroups(mergeRuns([...runs.readers(), inMemory(held.sort(compareKeyed))]));
}

function sizeOf({ values }: Line): number {
  return values.reduce((sum, value) => sum + VALUE_OVERHEAD_BYTES + 2 * value.length, LINE_OVERHEAD_BYTES);
}

function withKey(line: Line, { keyOf }: Grouping): KeyedLine | Flaw {
  const key = keyOf(line);
  if (key !== '') return { key, line };
  return {
    lines: [line.number],
    reasons: ['has nothing in a column that lines are grouped by'],
    content: line.values,
  };
}

async function* adjacentGroups(rows: AsyncIterable<KeyedLine>): AsyncGenerator<readonly Line[] | Flaw> {
  let group: Line[] = [];
  let current: string | undefined;
  for await (const { key, line } of rows) {
    if (key !== current && group.length > 0) yield checkSize(group);
    if (key !== current) group = [];
    current = key;
    if (group.length <= MAX_LINES_PER_GROUP) group.push(line);
  }
  if (group.length > 0) yield checkSize(group);
}

function checkSize(group: readonly Line[]): readonly Line[] | Flaw {
  if (group.length <= MAX_LINES_PER_GROUP) return group;
  const reason = `more than ${MAX_LINES_PER_GROUP} lines belong together`;
  return { lines: group.slice(0, 1).map(({ number }) => number), reasons: [reason] };
}

async function* inMemory(rows: readonly KeyedLine[]): AsyncGenerator<KeyedLine> {
  yield* rows;
}

/** Sorted lines set down in files of a folder of their own. */
class Runs implements AsyncDisposable {
  readonly #parent: string;
  #folder: string | undefined;
  #paths: string[] = [];
  #written = 0;

  constructor(parent: string) {
    this.#parent = parent;
  }

  async add(rows: readonly KeyedLine[]): Promise<void> {
    await this.#write(rows);
    if (this.#paths.length < MAX_RUNS) return;
    const merged = this.#paths;
    const readers = this.readers();
    this.#paths = [];
    await this.#write(mergeRuns(readers));
    await Promise.all(merged.map((path) => rm(path)));
  }

  readers(): AsyncIterator<KeyedLine>[] {
    return this.#paths.map(readRun);
  }

  async #write(rows: Iterable<KeyedLine> | AsyncIterable<KeyedLine>): Promise<void> {
    this.#folder ??= await mkdtemp(join(this.#parent, 'touchline-import-'));
    const path = join(this.#folder, `${this.#written}.ndjson`);
    this.#written += 1;
    await writeRun(path, rows);
    this.#paths.push(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
