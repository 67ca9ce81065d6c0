import { ReadStoreError } from '../errors.ts';
import type { Cell, TableChanges } from '../generation.ts';
import { partsOf, type StepPart } from '../step-parts.ts';
import { bigintArray, textArray } from './binary-array.ts';
import type { Connection } from './connections.ts';
import type { PostgresColumn, PostgresTable } from './schema.ts';

/** Parts sent and not answered yet: the server works on one while the next is on its way. */
const MAX_PARTS_IN_FLIGHT = 2;
/** What separates words besides a space, as SQLite's tokenizer has it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const OTHER_SPACE = /[\0-\x1f\x7f]/g;

/** Writes the rows of a step within a transaction: one statement for each part, never one for each row. */
export async function writeChanges(
  connection: Connection,
  tables: ReadonlyMap<string, PostgresTable>,
  changes: readonly TableChanges[],
): Promise<void> {
  const underWay: Promise<unknown>[] = [];
  try {
    for (const part of partsOf(changes)) {
      const table = tables.get(part.table);
      if (table === undefined) throw new Error(`table ${part.table} is not declared by this read model`);
      if (underWay.length >= MAX_PARTS_IN_FLIGHT) await underWay.shift();
      const sent = writePart(connection, table, part);
      sent.catch(() => {}); // awaited in its turn
      underWay.push(sent);
    }
    for (const sent of underWay.splice(0)) await sent;
  } finally {
    await Promise.allSettled(underWay);
  }
}

async function writePart(connection: Connection, table: PostgresTable, part: StepPart): Promise<void> {
  const { cells, deletes } = part;
  if (deletes.length > 0) {
    const width = table.key.length;
    const keys = table.key.map((column, at) => arrayOf(table, { ...column, at }, deletes, width));
    await connection.run(table.remove, keys, { prepared: true });
  }
  if (cells.length === 0) return;
  const parameters = table.columns.map((column) => arrayOf(table, column, cells, table.width));
  if (table.tokens !== undefined) parameters.push(wordsOf(table, table.tokens.at, cells));
  await connection.run(part.replaces ? table.replace : table.insert, parameters, { prepared: true });
}

/** One column of rows laid out flat. Throws `row-refused` for what its type cannot hold. */
function arrayOf(
  table: PostgresTable,
  column: PostgresColumn,
  cells: readonly Cell[],
  width: number,
): Buffer {
  const isText = column.storage === 'text';
  const values: Cell[] = [];
  for (let at = column.at; at < cells.length; at += width) {
    const value = cells[at] ?? null;
    if (value !== null && !(isText ? typeof value === 'string' : Number.isSafeInteger(value)))
      throw new ReadStoreError(
        'row-refused',
        `table ${table.name}: column ${column.name} takes ${column.storage}`,
      );
    values.push(value);
  }
  return isText ? textArray(values as (string | null)[]) : bigintArray(values as (number | null)[]);
}

function wordsOf(table: PostgresTable, place: number, cells: readonly Cell[]): Buffer {
  const words: (string | null)[] = [];
  for (let at = place; at < cells.length; at += table.width) {
    const value = cells[at] ?? null;
    if (value !== null && typeof value !== 'string')
      throw new ReadStoreError('row-refused', `table ${table.name}: words are text`);
    words.push(value?.replace(OTHER_SPACE, ' ') ?? null);
  }
  return textArray(words);
}
