import type { KeyValue, Rows, Table } from '../index.ts';

/** The least a fold needs: what it costs on these rows is the fold itself, the rest is the engine. */
export class BareRows implements Rows {
  readonly #tables = new Map<object, Map<unknown, object>>();
  readonly #inserts: object[] = [];

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    return this.#of(table).get(key.length === 1 ? key[0] : key.join('\0')) as Row | undefined;
  }

  list<Row extends object>(): readonly Readonly<Row>[] {
    return [];
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    if (table.appendOnly) {
      this.#inserts.push(row);
      if (this.#inserts.length > 16_000) this.#inserts.length = 0;
      return;
    }
    const [first, second] = table.key;
    const values = row as Record<string, KeyValue>;
    this.#of(table).set(
      second === undefined ? values[first as string] : `${values[first as string]}\0${values[second]}`,
      row,
    );
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.#of(table).delete(key.length === 1 ? key[0] : key.join('\0'));
  }

  #of(table: object): Map<unknown, object> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}
