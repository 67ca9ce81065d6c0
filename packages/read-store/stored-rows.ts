import type { Cell } from './generation.ts';

/** What an adapter's layout of a table tells of its stored rows. */
interface StoredTable {
  readonly columns: readonly { readonly name: string; readonly isJson: boolean }[];
  readonly tokens?: { readonly column: string };
}

/** A stored row, in the order of `table.columns`, as a fold sees it. Token columns read back as `null`. */
export function toRow(table: StoredTable, stored: readonly Cell[]): object {
  const row: Record<string, unknown> = {};
  const { columns, tokens } = table;
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at];
    if (column === undefined) continue;
    const value = stored[at] ?? null;
    row[column.name] = value !== null && column.isJson ? JSON.parse(value as string) : value;
  }
  if (tokens) row[tokens.column] = null;
  return row;
}
