import type { JsonValue, Table } from '../table.ts';
import type { RowDifference } from './compare.ts';
import type { Difference, MaskedRow } from './rebuild-job.ts';

/** Longer values are cut: a difference is to be seen, not read. */
const MAX_CHARACTERS = 200;

/** A difference as operations may see it: personal values are told by kind and length only. */
export function masked(
  { table, key, columns, live, rebuilt }: RowDifference,
  firstEvent: bigint | undefined,
): Difference {
  return {
    table: table.name,
    key: key.map((value, at) => maskedValue(table, String(table.key[at]), value)),
    columns,
    live: live === undefined ? null : maskedRow(table, live),
    rebuilt: rebuilt === undefined ? null : maskedRow(table, rebuilt),
    firstEvent: firstEvent === undefined ? null : String(firstEvent),
  };
}

function maskedRow(table: Table<never>, row: object): MaskedRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, maskedValue(table, column, value as JsonValue)]),
  );
}

function maskedValue(table: Table<never>, column: string, value: JsonValue): JsonValue {
  if (value === null || typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if ((table.personal as readonly string[]).includes(column)) return `(${text.length} characters)`;
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS).toWellFormed()}…` : text;
}
