import { type ColumnType, type Table, tokensColumn } from '../table.ts';
import { indexName, quote } from './names.ts';

/** The pending list of a word index is searched row by row: kept short, so that a search stays as fast as it was. */
const MAX_PENDING_KILOBYTES = 512;

export type Storage = 'text' | 'bigint';

export interface PostgresColumn {
  readonly name: string;
  readonly storage: Storage;
  readonly isJson: boolean;
  /** Place among the cells of a row. */
  readonly at: number;
}

/** How a declared table lies in the schema of one generation: names and statements. */
export interface PostgresTable {
  readonly name: string;
  /** Qualified and quoted. */
  readonly path: string;
  /** All but the words, in order. */
  readonly columns: readonly PostgresColumn[];
  readonly key: readonly PostgresColumn[];
  readonly tokens?: { readonly column: string; readonly at: number };
  /** Cells of a row: stored columns and words. */
  readonly width: number;
  readonly appendOnly: boolean;
  readonly create: string;
  readonly secondaryIndexes: readonly string[];
  /** Takes one array for each column, then one of words. */
  readonly insert: string;
  /** As `insert`, for rows that may be there. */
  readonly replace: string;
  /** Takes one array for each key column. */
  readonly remove: string;
}

export function postgresTable(table: Table<never>, schema: string): PostgresTable {
  const types = Object.entries(table.columns) as [string, ColumnType][];
  const columns = types
    .map(([name, type], at) => ({ name, type, at }))
    .filter(({ type }) => type !== 'tokens')
    .map(({ name, type, at }) => ({ name, at, storage: storageOf(type), isJson: type.startsWith('json') }));
  const key = (table.key as readonly string[]).flatMap((name) => columns.filter((one) => one.name === name));
  const words = tokensColumn(table);
  if (words !== undefined && (key.length !== 1 || key[0]?.storage !== 'bigint'))
    throw new Error(`table ${table.name}: tokens need one integer key column`);
  const path = `${quote(schema)}.${quote(table.name)}`;
  return {
    name: table.name,
    path,
    columns,
    key,
    ...(words === undefined
      ? {}
      : { tokens: { column: words, at: types.findIndex(([name]) => name === words) } }),
    width: types.length,
    appendOnly: table.appendOnly,
    create: createTable(path, types, key),
    secondaryIndexes: secondaryIndexes(table, path, words),
    insert: insertOf(path, columns, key, words, table.appendOnly),
    replace: insertOf(path, columns, key, words, false),
    remove: removeOf(path, key),
  };
}

function storageOf(type: ColumnType): Storage {
  return type.startsWith('integer') ? 'bigint' : 'text';
}

/** "C" orders text by its bytes, as SQLite does and as digests do, and compares fastest. */
function createTable(
  path: string,
  types: readonly [string, ColumnType][],
  key: readonly PostgresColumn[],
): string {
  const lines = types.map(([name, type]) => {
    if (type === 'tokens') return `${quote(name)} tsvector`;
    const storage = storageOf(type) === 'text' ? 'text COLLATE "C"' : 'bigint';
    return `${quote(name)} ${storage}${type.endsWith('?') ? '' : ' NOT NULL'}`;
  });
  return `CREATE TABLE ${path} (${lines.join(', ')}, PRIMARY KEY (${namesOf(key)}))`;
}

function secondaryIndexes(table: Table<never>, path: string, words: string | undefined): string[] {
  const declared = table.indexes.map(
    (index) =>
      `CREATE INDEX IF NOT EXISTS ${quote(indexName(table.name, index))} ON ${path} (${index.map(quote).join(', ')})`,
  );
  if (words === undefined) return declared;
  const name = quote(indexName(table.name, [words]));
  const storage = `WITH (gin_pending_list_limit = ${MAX_PENDING_KILOBYTES})`;
  return [
    ...declared,
    `CREATE INDEX IF NOT EXISTS ${name} ON ${path} USING gin (${quote(words)}) ${storage}`,
  ];
}

/** Words are kept as they are given: `array_to_tsvector` parses nothing and folds nothing. */
function insertOf(
  path: string,
  columns: readonly PostgresColumn[],
  key: readonly PostgresColumn[],
  words: string | undefined,
  appendOnly: boolean,
): string {
  const all = [...columns.map(({ name }) => name), ...(words === undefined ? [] : [words])];
  const arrays = [...columns.map(({ storage }) => storage), ...(words === undefined ? [] : ['text'])];
  const values = [
    ...columns.map((_, at) => `r.c${at}`),
    ...(words === undefined
      ? []
      : [`array_to_tsvector(array_remove(string_to_array(r.c${columns.length}, ' '), ''))`]),
  ];
  const insert =
    `INSERT INTO ${path} AS t (${all.map(quote).join(', ')}) SELECT ${values.join(', ')} ` +
    `FROM unnest(${arrays.map((storage, at) => `$${at + 1}::${storage}[]`).join(', ')}) ` +
    `AS r(${all.map((_, at) => `c${at}`).join(', ')})`;
  if (appendOnly) return insert;
  const rest = columns.filter((column) => !key.includes(column)).map(({ name }) => quote(name));
  const sets = rest.map((name) => `${name} = excluded.${name}`);
  if (words !== undefined)
    sets.push(`${quote(words)} = coalesce(excluded.${quote(words)}, t.${quote(words)})`);
  const otherwise = sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`;
  return `${insert} ON CONFLICT (${namesOf(key)}) DO ${otherwise}`;
}

function removeOf(path: string, key: readonly PostgresColumn[]): string {
  return (
    `DELETE FROM ${path} t USING ${unnestKeys(key)} AS k(${key.map((_, at) => `k${at}`).join(', ')}) ` +
    `WHERE ${matchKeys(key)}`
  );
}

/** One array parameter for each column of a key. */
export function unnestKeys(key: readonly Pick<PostgresColumn, 'storage'>[]): string {
  return `unnest(${key.map(({ storage }, at) => `$${at + 1}::${storage}[]`).join(', ')})`;
}

export function matchKeys(key: readonly Pick<PostgresColumn, 'name'>[]): string {
  return key.map(({ name }, at) => `t.${quote(name)} = k.k${at}`).join(' AND ');
}

function namesOf(columns: readonly PostgresColumn[]): string {
  return columns.map(({ name }) => quote(name)).join(', ');
}
