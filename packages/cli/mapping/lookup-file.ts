import { dirname, resolve } from 'node:path';
import { CommandError } from '../commands/command-error.ts';
import { openCsv } from '../input/csv-input.ts';
import { isFlaw } from '../input/flaw.ts';
import { formatOf, openInputFile } from '../input/input-file.ts';
import type { LookupTable } from './compiled.ts';
import type { Mapping } from './mapping.ts';

/** Lookups are held in memory. */
const MAX_LOOKUP_LINES = 2_000_000;

/** Reads the files a mapping looks things up in; their paths are relative to the folder of the input. */
export async function readLookups(
  mapping: Mapping,
  inputPath: string,
): Promise<ReadonlyMap<string, LookupTable>> {
  const tables = new Map<string, LookupTable>();
  for (const [name, { file, key }] of Object.entries(mapping.lookups ?? {})) {
    tables.set(name, await readLookup(resolve(dirname(inputPath), file), key));
  }
  return tables;
}

async function readLookup(path: string, key: string): Promise<LookupTable> {
  const file = await openInputFile(path);
  const delimiter = formatOf(path) === 'tsv' ? '\t' : ',';
  const { columns, lines } = await openCsv(file.chunks, path, { delimiter });
  const keyIndex = columns.indexOf(key);
  if (keyIndex < 0)
    throw new CommandError('usage', `${path} has no column "${key}"; there are ${columns.join(', ')}`);
  const rows = new Map<string, readonly string[]>();
  for await (const line of lines) {
    if (isFlaw(line)) throw new CommandError('failed', `${path}:${line.lines[0]} ${line.reasons.join(', ')}`);
    rows.set((line.values[keyIndex] ?? '').trim(), line.values);
    if (rows.size > MAX_LOOKUP_LINES)
      throw new CommandError('failed', `${path} has more than ${MAX_LOOKUP_LINES} lines`);
  }
  return { columns, find: (wanted) => rows.get(wanted) };
}
