import type { SqliteTable } from './schema.ts';

export type SqliteValue = string | number | null;

/** A row as parameters, in column order; JSON as text. */
export function toValues(table: SqliteTable, row: object): SqliteValue[] {
  const source = row as Record<string, unknown>;
  return table.columns.map(({ name, type }) => {
    const value = source[name];
    if (value === undefined || value === null) return null;
    if (type === 'json' || type === 'json?') return JSON.stringify(value);
    return value as SqliteValue;
  });
}

/** The other way round. Token columns read back as `null`. */
export function toRow(table: SqliteTable, stored: Record<string, SqliteValue>): object {
  const row: Record<string, unknown> = {};
  for (const { name, type } of table.columns) {
    const value = stored[name] ?? null;
    row[name] = value !== null && (type === 'json' || type === 'json?') ? JSON.parse(value as string) : value;
  }
  if (table.tokens) row[table.tokens.column] = null;
  return row;
}
