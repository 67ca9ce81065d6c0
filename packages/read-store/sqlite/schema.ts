import { type ColumnType, type Table, tokensColumn } from '../table.ts';

/** How a declared table lies in SQLite: names, statements and the order in which values are bound. */
export interface SqliteTable {
  readonly name: string;
  /** Stored columns, in order; the value of column `n` of a row is parameter `n` and, among the cells of a row, that `at` its place. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly isJson: boolean;
    readonly at: number;
  }[];
  /** Cells of a row: stored columns and tokens. */
  readonly width: number;
  readonly create: readonly string[];
  readonly secondaryIndexes: readonly string[];
  /** Puts so many rows at once. */
  readonly insert: (rows: number) => string;
  /** Puts a row that may be there. */
  readonly replace: string;
  readonly remove: string;
  /** Full-text rows: their own table, matched by the integer key. */
  readonly tokens?: {
    readonly column: string;
    readonly at: number;
    readonly insert: string;
    readonly remove: string;
  };
  readonly appendOnly: boolean;
  readonly key: readonly string[];
}

const STORAGE: Record<string, string> = { text: 'TEXT', integer: 'INTEGER', json: 'TEXT' };

export function sqliteTable(table: Table<never>): SqliteTable {
  const types = Object.entries(table.columns) as [string, ColumnType][];
  const columns = types
    .map(([name, type], at) => ({ name, type, at, isJson: type === 'json' || type === 'json?' }))
    .filter(({ type }) => type !== 'tokens');
  const tokenColumn = tokensColumn(table);
  const names = columns.map((column) => quote(column.name));
  const key = (table.key as readonly string[]).map(quote);
  const integerKey = key.length === 1 && table.columns[table.key[0] as never] === 'integer';
  return {
    name: table.name,
    columns,
    width: types.length,
    create: [createTable(table, columns, key, integerKey), ...createTokens(table, tokenColumn, integerKey)],
    secondaryIndexes: table.indexes.map(
      (index) =>
        `CREATE INDEX IF NOT EXISTS ${quote(`${table.name}_by_${index.join('_')}`)} ON ${quote(table.name)} (${index.map(quote).join(', ')})`,
    ),
    insert: insertOf(table, names, table.appendOnly ? '' : onConflict(key, names)),
    replace: insertOf(table, names, onConflict(key, names))(1),
    remove: `DELETE FROM ${quote(table.name)} WHERE ${key.map((name) => `${name} = ?`).join(' AND ')}`,
    ...(tokenColumn === undefined ? {} : { tokens: tokenStatements(table, tokenColumn) }),
    appendOnly: table.appendOnly,
    key: table.key,
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
  // STRICT: a value of another type is refused, as every other database would.
  return `CREATE TABLE IF NOT EXISTS ${quote(table.name)} (${lines.join(', ')}) STRICT${integerKey ? '' : ', WITHOUT ROWID'}`;
}

/**
 * Words come split already, so the plain `ascii` tokenizer is told to cut at spaces only. No positions are kept: a word
 * either stands in a row or not. Rows that may be replaced need `contentless_delete`.
 */
function createTokens(table: Table<never>, column: string | undefined, integerKey: boolean): string[] {
  if (column === undefined) return [];
  if (!integerKey) throw new Error(`table ${table.name}: tokens need one integer key column`);
  const removal = table.appendOnly ? 'columnsize=0' : 'contentless_delete=1';
  return [
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${quote(tokensTable(table))} USING fts5(tokens, content='', detail=none, tokenize=${quote(TOKENIZER)}, ${removal})`,
  ];
}

const SIGNS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const TOKENIZER = `ascii tokenchars '${SIGNS.replaceAll("'", "''")}'`;

function tokenStatements(table: Table<never>, column: string): NonNullable<SqliteTable['tokens']> {
  const name = quote(tokensTable(table));
  return {
    column,
    at: Object.keys(table.columns).indexOf(column),
    insert: `INSERT INTO ${name} (rowid, tokens) VALUES (?, ?)`,
    remove: `DELETE FROM ${name} WHERE rowid = ?`,
  };
}

function insertOf(table: Table<never>, names: readonly string[], otherwise: string): SqliteTable['insert'] {
  // FAIL: without a copy of every page, to undo the statement alone. Whatever fails, the whole step is rolled back.
  const into = `INSERT${table.appendOnly ? ' OR FAIL' : ''} INTO ${quote(table.name)} (${names.join(', ')}) VALUES `;
  const row = `(${names.map(() => '?').join(', ')})`;
  return (rows) => into + Array.from({ length: rows }, () => row).join(', ') + otherwise;
}

function onConflict(key: readonly string[], names: readonly string[]): string {
  const rest = names.filter((name) => !key.includes(name));
  if (rest.length === 0) return ` ON CONFLICT (${key.join(', ')}) DO NOTHING`;
  return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}
