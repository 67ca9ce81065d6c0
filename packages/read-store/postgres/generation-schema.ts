import type { ReadModel } from '../projection.ts';
import { tablesOf } from '../read-store.ts';
import type { Connection } from './connections.ts';
import { type Names, quote } from './names.ts';
import { postgresTable } from './schema.ts';

export function checkpointOf(schema: string): string {
  return `${quote(schema)}.checkpoint`;
}

/** Makes the schema of a generation with its empty tables, within the transaction under way, unless it is there. */
export async function createGeneration(
  connection: Connection,
  names: Names,
  readModel: ReadModel<never>,
  number: number,
): Promise<void> {
  const schema = names.generation(readModel.name, number);
  if (await hasTable(connection, schema, 'checkpoint')) return;
  const checkpoint = checkpointOf(schema);
  const tables = tablesOf(readModel).map((table) => postgresTable(table, schema));
  for (const statement of [
    `CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`,
    `CREATE TABLE ${checkpoint} (id integer PRIMARY KEY CHECK (id = 1), position bigint NOT NULL, steps bigint NOT NULL, loading boolean NOT NULL)`,
    `INSERT INTO ${checkpoint} VALUES (1, 0, 0, true)`,
    ...tables.flatMap(({ create, appendOnly, secondaryIndexes }) =>
      appendOnly ? [create] : [create, ...secondaryIndexes],
    ),
  ])
    await connection.run(statement);
}

/** Asked of the catalogue's tables, not of `to_regclass`: that may remember in a transaction what others have changed since. */
export async function hasTable(connection: Connection, schema: string, table: string): Promise<boolean> {
  const sql = 'SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2)';
  const { rows } = await connection.run(sql, [schema, table]);
  return rows[0]?.[0] === true;
}
