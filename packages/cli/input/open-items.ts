import { CommandError } from '../commands/command-error.ts';
import { DEFAULT_MEMORY_BYTES, groupLines } from '../grouping/group-lines.ts';
import { type BoundMapping, bindMapping } from '../mapping/bind-mapping.ts';
import type { Line } from '../mapping/compiled.ts';
import { readLookups } from '../mapping/lookup-file.ts';
import { mappingError, type NamedMapping } from '../mapping/mapping-file.ts';
import type { InputItem } from '../upload/entry.ts';
import { openCsv } from './csv-input.ts';
import { type Flaw, isFlaw } from './flaw.ts';
import { formatOf, type InputFile, openInputFile } from './input-file.ts';
import type { InputItems, Stage } from './input-items.ts';
import { readJsonLines } from './json-lines.ts';

export interface OpenOptions {
  readonly mapping?: NamedMapping | undefined;
  readonly stop?: AbortSignal;
  readonly maxMemoryBytes?: number;
}

/**
 * Opens a file for import: NDJSON of CloudEvents as it is, CSV through a mapping. Throws `CommandError` when the
 * file cannot be read or the mapping does not fit it.
 */
export async function openItems(path: string, options: OpenOptions): Promise<InputItems> {
  const format = formatOf(path) ?? (options.mapping === undefined ? 'ndjson' : 'csv');
  if (format === 'ndjson') return openNdjson(path, options);
  if (options.mapping === undefined) {
    throw new CommandError(
      'usage',
      `${path} is ${format.toUpperCase()}: say with --map how its lines become touchpoints`,
    );
  }
  const { mapping } = options.mapping;
  const file = await openInputFile(path);
  const delimiter = mapping.input?.delimiter ?? (format === 'tsv' ? '\t' : ',');
  const { columns, lines } = await openCsv(file.chunks, path, { ...mapping.input, delimiter });
  const binding = bindMapping(mapping, columns, await readLookups(mapping, path));
  if ('problems' in binding) throw mappingError(options.mapping.path, binding.problems);
  return binding.bound.groupKey === undefined
    ? { items: mapEach(lines, binding.bound), stage: () => bytesOf(file) }
    : grouped(file, lines, binding.bound, binding.bound.groupKey, options);
}

async function openNdjson(path: string, { mapping }: OpenOptions): Promise<InputItems> {
  if (mapping !== undefined)
    throw new CommandError('usage', `${path} is NDJSON of CloudEvents and takes no --map`);
  const file = await openInputFile(path);
  return { items: rawItems(file), stage: () => bytesOf(file) };
}

function bytesOf(file: InputFile): Stage {
  return { name: 'sending', done: file.bytesRead(), total: file.sizeBytes };
}

async function* rawItems(file: InputFile): AsyncGenerator<InputItem> {
  for await (const line of readJsonLines(file.chunks)) {
    yield isFlaw(line) ? line : { lines: [line.number], json: line.text };
  }
}

async function* mapEach(lines: AsyncIterable<Line | Flaw>, bound: BoundMapping): AsyncGenerator<InputItem> {
  for await (const line of lines) yield isFlaw(line) ? line : mapped([line], bound);
}

function grouped(
  file: InputFile,
  lines: AsyncIterable<Line | Flaw>,
  bound: BoundMapping,
  keyOf: (line: Line) => string,
  { stop, maxMemoryBytes = DEFAULT_MEMORY_BYTES }: OpenOptions,
): InputItems {
  const sorted = { lines: undefined as number | undefined, done: 0 };
  const onSorted = (count: number) => {
    sorted.lines = count;
  };
  const groups = groupLines(lines, { keyOf, maxMemoryBytes, onSorted, ...(stop ? { stop } : {}) });
  const stage = (): Stage =>
    sorted.lines === undefined
      ? { name: 'sorting', done: file.bytesRead(), total: file.sizeBytes }
      : { name: 'sending', done: sorted.done, total: sorted.lines };
  return { items: mapGroups(groups, bound, sorted), stage };
}

async function* mapGroups(
  groups: AsyncIterable<readonly Line[] | Flaw>,
  bound: BoundMapping,
  sorted: { done: number },
): AsyncGenerator<InputItem> {
  for await (const group of groups) {
    if (isFlaw(group)) {
      yield group;
      continue;
    }
    sorted.done += group.length;
    yield mapped(group, bound);
  }
}

function mapped(lines: readonly Line[], bound: BoundMapping): InputItem {
  const numbers = lines.map(({ number }) => number);
  const result = bound.map(lines);
  if (result.ok) return { lines: numbers, json: JSON.stringify(result.event) };
  return { lines: numbers, reasons: result.reasons, content: lines.map(({ values }) => values) };
}
