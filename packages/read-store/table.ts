import type { KeyValue } from './projection.ts';

/**
 * A projection's table, declared once for every database. `text` holds strings, `integer` safe integers (at most
 * 2^53 in size), `json` any JSON value, `tokens` words in lower case, separated by spaces, that full-text search
 * matches (write only: it reads back as `null`, and a row put with `null` keeps the words it has; at most one such
 * column, in a table with exactly one integer key column).
 *
 * Databases have bounds: text in a key or an index of at most 2,000 bytes in all, words of at most 2,000 bytes, words of a
 * row of at most 500,000 bytes. A row beyond them may be refused.
 */
export interface Table<Row extends object = Record<string, ColumnValue>> {
  readonly name: string;
  readonly columns: Readonly<Record<keyof Row & string, ColumnType>>;
  /** Primary key, in order. */
  readonly key: readonly (keyof Row & string)[];
  /** Secondary indexes. `Rows.list` accepts the first column of any of them. */
  readonly indexes: readonly (readonly (keyof Row & string)[])[];
  /**
   * Rows are only ever inserted, never read back by a fold: the store appends without looking and builds the secondary
   * indexes of a fresh generation at the end of its bulk load.
   */
  readonly appendOnly: boolean;
  /**
   * `seldom`: a row is hardly ever asked for again soon, and is not kept in memory beyond the step after; it would only
   * push out rows of other tables. Only for speed. Default `often`.
   */
  readonly revisited: 'often' | 'seldom';
  /** Column that names the data subject whose row it is: one that may be listed by. Lets a repair find rows that should not be. */
  readonly subject?: keyof Row & string;
  /** Columns with personal data: masked wherever operations see rows. */
  readonly personal: readonly (keyof Row & string)[];
}

/** A trailing `?` makes the column nullable. */
export type ColumnType = 'text' | 'integer' | 'json' | 'tokens' | 'text?' | 'integer?' | 'json?';

export type ColumnValue = string | number | null | JsonValue;
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export function defineTable<Row extends object>(definition: {
  name: string;
  columns: Record<keyof Row & string, ColumnType>;
  key: readonly (keyof Row & string)[];
  indexes?: readonly (readonly (keyof Row & string)[])[];
  appendOnly?: boolean;
  revisited?: 'often' | 'seldom';
  personal?: readonly (keyof Row & string)[];
  subject?: keyof Row & string;
}): Table<Row> {
  return { indexes: [], appendOnly: false, revisited: 'often', personal: [], ...definition };
}

/** The key of a row, in the order of `table.key`. */
export function keyOfRow(table: Table<never>, row: object): KeyValue[] {
  return (table.key as readonly string[]).map((column) => (row as Record<string, KeyValue>)[column] ?? '');
}

/** The column with the words of a row, where the table has one. */
export function tokensColumn(table: Table<never>): string | undefined {
  return Object.entries(table.columns).find(([, type]) => type === 'tokens')?.[0];
}
