import type { Ask, Cell } from '../generation.ts';
import type { KeyValue } from '../projection.ts';
import { toRow } from '../stored-rows.ts';
import { bigintArray, textArray } from './binary-array.ts';
import type { Connection } from './connections.ts';
import { quote } from './names.ts';
import { matchKeys, type PostgresColumn, type PostgresTable, unnestKeys } from './schema.ts';

/** Keys asked for by one statement. */
const MAX_KEYS = 5_000;

interface Question {
  readonly table: PostgresTable;
  readonly by: readonly PostgresColumn[];
  readonly asked: { readonly values: readonly KeyValue[]; readonly place: number }[];
}

/** Answers asks: those about one table and one index in one statement, all statements sent at once. */
export async function loadRows(
  connection: Connection,
  tables: ReadonlyMap<string, PostgresTable>,
  asks: readonly Ask[],
): Promise<object[][]> {
  const answers: object[][] = asks.map(() => []);
  await Promise.all(
    questionsOf(tables, asks).map(async (question) => {
      for (const [place, row] of await answer(connection, question)) answers[place]?.push(row);
    }),
  );
  return answers;
}

function questionsOf(tables: ReadonlyMap<string, PostgresTable>, asks: readonly Ask[]): Question[] {
  const questions: Question[] = [];
  const latest = new Map<string, Question>();
  for (const [place, ask] of asks.entries()) {
    const table = tables.get(ask.table.name);
    if (table === undefined) throw new Error(`table ${ask.table.name} is not declared by this read model`);
    const name = ask.kind === 'row' ? `row ${table.name}` : `list ${table.name} ${ask.column}`;
    let question = latest.get(name);
    if (question === undefined || question.asked.length === MAX_KEYS) {
      const by =
        ask.kind === 'row' ? table.key : table.columns.filter((column) => column.name === ask.column);
      question = { table, by, asked: [] };
      latest.set(name, question);
      questions.push(question);
    }
    question.asked.push({ values: ask.kind === 'row' ? ask.key : [ask.value], place });
  }
  return questions;
}

async function answer(connection: Connection, { table, by, asked }: Question): Promise<[number, object][]> {
  const keys = by.map((_, at) => `k${at}`).join(', ');
  const columns = table.columns.map(({ name }) => `t.${quote(name)}`).join(', ');
  const sql =
    `SELECT k.place, ${columns} FROM ${unnestKeys(by)} WITH ORDINALITY AS k(${keys}, place) ` +
    `JOIN ${table.path} t ON ${matchKeys(by)}`;
  const parameters = by.map((column, at) =>
    arrayOf(
      column,
      asked.map(({ values }) => values[at] ?? null),
    ),
  );
  const { rows } = await connection.run(sql, parameters, { prepared: true });
  return rows.map(([ordinal, ...stored]) => [
    asked[Number(ordinal) - 1]?.place ?? 0,
    toRow(table, stored as Cell[]),
  ]);
}

/** A value that the column cannot hold is in no row. */
function arrayOf({ storage }: PostgresColumn, values: readonly (KeyValue | null)[]): Buffer {
  if (storage === 'text') return textArray(values.map((value) => (value === null ? null : String(value))));
  return bigintArray(values.map((value) => (Number.isSafeInteger(value) ? (value as number) : null)));
}
