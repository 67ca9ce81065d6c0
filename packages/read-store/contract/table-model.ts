import {
  type Foldable,
  type Generation,
  type ReadModel,
  type Step,
  type Table,
  tokensColumn,
} from '../index.ts';
import { RowCells } from '../row-cells.ts';

/** A read model that is nothing but its tables, for tests that write steps themselves. */
export function tableModel(...tables: readonly Table<never>[]): ReadModel<Foldable> {
  const fold = (): void => {};
  return {
    name: 'tables',
    routing: {
      name: 'nobody',
      version: 1,
      tables: [],
      fold,
      customerOf: (subject) => subject,
      subjectsOf: (subject) => [subject],
    },
    projections: [{ name: 'rows', version: 1, tables, fold }],
  };
}

type Changes = Step['changes'][number];

/** Rows and keys of one table, as a step carries them. */
export function changesOf<Row extends object>(
  table: Table<Row>,
  rows: readonly Row[],
  deletes: Changes['deletes'] = [],
): Changes {
  const cells: Changes['cells'] = [];
  for (const row of rows) new RowCells(table as never).append(row as never, cells as never);
  return { table: table as never, cells, deletes };
}

/** Commits the changes as the next step and answers what became of it. */
export async function commit(
  generation: Generation,
  changes: readonly Changes[],
  to?: bigint,
): Promise<'committed' | 'lost-race'> {
  const { position, steps } = await generation.standing();
  return generation.commit({ from: position, to: to ?? position + 1n, steps, changes });
}

/** The rows under some keys, without those that do not exist. */
export async function rowsAt<Row extends object>(
  generation: Generation,
  table: Table<Row>,
  ...keys: readonly (readonly (string | number)[])[]
): Promise<readonly Row[]> {
  const answers = await generation.load(keys.map((key) => ({ kind: 'row', table: table as never, key })));
  return answers.flat() as Row[];
}

export async function rowsWith<Row extends object>(
  generation: Generation,
  table: Table<Row>,
  column: keyof Row & string,
  value: string | number,
): Promise<readonly Row[]> {
  const [rows = []] = await generation.load([{ kind: 'list', table: table as never, column, value }]);
  return rows as Row[];
}

export function withoutWords<Row extends object>(table: Table<Row>, row: Row): Row {
  const tokens = tokensColumn(table as never);
  return tokens === undefined ? row : { ...row, [tokens]: null };
}
