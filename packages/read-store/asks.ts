import { isKeyValue } from './cached-row.ts';
import type { Ask } from './generation.ts';
import type { KeyValue } from './projection.ts';
import type { Table } from './table.ts';

/** Asks for the row under a key, in the order of `table.key`. */
export function askOfRow<Row extends object>(table: Table<Row>, key: readonly KeyValue[]): Ask {
  return { kind: 'row', table: table as Table<never>, key };
}

/** Asks for the rows whose column has a value. Throws for a value that no column can hold. */
export function askOfList<Row extends object>(table: Table<Row>, column: string, value: KeyValue): Ask {
  if (!isKeyValue(value)) throw new TypeError(`table ${table.name} has no list of such a value`);
  return { kind: 'list', table: table as Table<never>, column, value };
}
