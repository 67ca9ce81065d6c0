import type { Database } from 'better-sqlite3';
import type { Ask } from '../generation.ts';
import { quote, type SqliteTable } from './schema.ts';
import { type SqliteValue, toRow } from './values.ts';

type Layouts = ReadonlyMap<string, SqliteTable>;
type Stored = Record<string, SqliteValue>;

const statements = new WeakMap<Database, Map<string, ReturnType<Database['prepare']>>>();

/** Answers asks with one prepared statement each; within one file a keyed look-up costs about a microsecond. */
export function loadRows(db: Database, layouts: Layouts, asks: readonly Ask[]): object[][] {
  return asks.map((ask) => {
    const layout = layouts.get(ask.table.name);
    if (layout === undefined) throw new Error(`table ${ask.table.name} is not declared by this read model`);
    const columns: readonly string[] = ask.kind === 'row' ? ask.table.key : [ask.column];
    const values = ask.kind === 'row' ? ask.key : [ask.value];
    return (prepared(db, layout, columns).all(values) as Stored[]).map((stored) => toRow(layout, stored));
  });
}

function prepared(db: Database, layout: SqliteTable, columns: readonly string[]) {
  let known = statements.get(db);
  if (known === undefined) {
    known = new Map();
    statements.set(db, known);
  }
  const sql = `SELECT * FROM ${quote(layout.name)} WHERE ${columns.map((column) => `${quote(column)} = ?`).join(' AND ')}`;
  let statement = known.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    known.set(sql, statement);
  }
  return statement;
}
