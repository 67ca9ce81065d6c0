import type { ColumnType, Table } from '../table.ts';

/** How a declared table lies in SQLite: names, statements and the order in which values are bound. */
export interface SqliteTable {
  readonly name: string;
  /** Stored columns, in order; the value of column `n` of a row is parameter `n`. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly create: readonly string[];
  readonly secondaryIndexes: readonly string[];
  readonly insert: string;
  readonly remove: string;
  /** Full-text rows: their own table, matched by the integer key. */
  readonly tokens?: { readonly column: string; readonly insert: string; readonly remove: string };
  readonly appendOnly: boolean;
  readonly keyIndexes: readonly number[];
}

const STORAGE: Record<string, string> = { text: 'TEXT', integer: 'INTEGER', json: 'TEXT' };

export function sqliteTable(table: Table<never>): SqliteTable {
  const types = Object.entries(table.columns) as [string, ColumnType][];
  const columns = types.filter(([, type]) => type !== 'tokens').map(([name, type]) => ({ name, type }));
  const tokenColumn = types.find(([, type]) => type === 'tokens')?.[0];
  const names = columns.map((column) => quote(column.name));
  const key = (table.key as readonly string[]).map(quote);
  const integerKey = key.length === 1 && table.columns[table.key[0] as never] === 'integer';
  return {
    name: table.name,
    columns,
    create: [createTable(table, columns, key, integerKey), ...createTokens(table, tokenColumn, integerKey)],
    secondaryIndexes: table.indexes.map(
      (index) =>
        `CREATE INDEX IF NOT EXISTS ${quote(`${table.name}_by_${index.join('_')}`)} ON ${quote(table.name)} (${index.map(quote).join(', ')})`,
    ),
    insert: `INSERT INTO ${quote(table.name)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})${
      table.appendOnly ? '' : onConflict(key, names)
    }`,
    remove: `DELETE FROM ${quote(table.name)} WHERE ${key.map((name) => `${name} = ?`).join(' AND ')}`,
    ...(tokenColumn === undefined ? {} : { tokens: tokenStatements(table, tokenColumn) }),
    appendOnly: table.appendOnly,
    keyIndexes: (table.key as readonly string[]).map((name) =>
      columns.findIndex((column) => column.name === name),
    ),
  };
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function tokensTable(table: { readonly name: string }): string {
  return `${table.name}_tokens`;
}

function createTable(
  table: Table<never>,
  columns: SqliteTable['columns'],
  key: readonly string[],
  integerKey: boolean,
): string {
  const lines = columns.map(({ name, type }) => {
    const optional = type.endsWith('?');
    const storage = STORAGE[optional ? type.slice(0, -1) : type];
    return `${quote(name)} ${storage}${integerKey && quote(name) === key[0] ? ' PRIMARY KEY' : ''}${optional ? '' : ' NOT NULL'}`;
  });
  if (!integerKey) lines.push(`PRIMARY KEY (${key.join(', ')})`);
  return `CREATE TABLE IF NOT EXISTS ${quote(table.name)} (${lines.join(', ')})${integerKey ? '' : ' WITHOUT ROWID'}`;
}

/**
 * Words come split already (see the catalogue of search tokens), so the plain `ascii` tokenizer only cuts at spaces. No
 * positions are kept: a word either stands in a row or not. Rows that may be replaced need `contentless_delete`.
 */
function createTokens(table: Table<never>, column: string | undefined, integerKey: boolean): string[] {
  if (column === undefined) return [];
  if (!integerKey) throw new Error(`table ${table.name}: tokens need one integer key column`);
  const removal = table.appendOnly ? 'columnsize=0' : 'contentless_delete=1';
  return [
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${quote(tokensTable(table))} USING fts5(tokens, content='', detail=none, tokenize='ascii', ${removal})`,
  ];
}

function tokenStatements(table: Table<never>, column: string): NonNullable<SqliteTable['tokens']> {
  const name = quote(tokensTable(table));
  return {
    column,
    insert: `INSERT INTO ${name} (rowid, tokens) VALUES (?, ?)`,
    remove: `DELETE FROM ${name} WHERE rowid = ?`,
  };
}

function onConflict(key: readonly string[], names: readonly string[]): string {
  const rest = names.filter((name) => !key.includes(name));
  if (rest.length === 0) return ` ON CONFLICT (${key.join(', ')}) DO NOTHING`;
  return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}
