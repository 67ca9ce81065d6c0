import type { ColumnValue, KeyValue, Rows, Table } from '@touchline/read-store';

type AnyRow = Readonly<Record<string, ColumnValue>>;

/** Rows in plain maps: of a part of the log that is folded by itself, and for tests and measurements. */
export class InMemoryRows implements Rows {
  readonly facts = new Map<string, number>();
  readonly #tables = new Map<string, StoredTable>();
  /** Puts and deletes so far. */
  changes = 0;

  constructor(tables: readonly Table<never>[]) {
    for (const table of tables) this.#tables.set(table.name, new StoredTable(table));
  }

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    return this.#of(table).rows.get(keyText(key)) as Row | undefined;
  }

  list<Row extends object>(table: Table<Row>, column: keyof Row & string, value: KeyValue): readonly Row[] {
    return this.#of(table).list(column, value) as unknown as readonly Row[];
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    this.changes += 1;
    this.#of(table).put(row as unknown as AnyRow);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.changes += 1;
    this.#of(table).delete(keyText(key));
  }

  all<Row extends object>(table: Table<Row>): readonly Row[] {
    return this.#of(table).sorted() as unknown as readonly Row[];
  }

  /** Every table by name, its rows by key, as one text: equal exactly when the rows are equal byte for byte. */
  snapshot(): string {
    return [...this.#tables.values()].map((table) => table.text()).join('\n');
  }

  #of(table: { readonly name: string }): StoredTable {
    const stored = this.#tables.get(table.name);
    if (stored === undefined) throw new Error(`no table ${table.name}`);
    return stored;
  }
}

class StoredTable {
  readonly rows = new Map<string, AnyRow>();
  readonly #table: Table;
  readonly #indexes = new Map<string, Map<ColumnValue, Set<string>>>();

  constructor(table: Table<never>) {
    this.#table = table as unknown as Table;
    for (const [column] of this.#table.indexes)
      if (column !== undefined) this.#indexes.set(column, new Map());
  }

  put(row: AnyRow): void {
    const key = keyText(this.#table.key.map((column) => row[column] as KeyValue));
    if (this.#table.appendOnly && this.rows.has(key))
      throw new Error(`${this.#table.name} has ${key} already`);
    this.delete(key);
    this.rows.set(key, row);
    for (const [column, index] of this.#indexes) {
      const value = row[column] ?? null;
      const keys = index.get(value) ?? new Set();
      index.set(value, keys.add(key));
    }
  }

  delete(key: string): void {
    const row = this.rows.get(key);
    if (row === undefined) return;
    this.rows.delete(key);
    for (const [column, index] of this.#indexes) index.get(row[column] ?? null)?.delete(key);
  }

  list(column: string, value: KeyValue): AnyRow[] {
    const index = this.#indexes.get(column);
    if (index === undefined) throw new Error(`${this.#table.name} has no index on ${column}`);
    return this.#inOrder(index.get(value) ?? []);
  }

  sorted(): AnyRow[] {
    return this.#inOrder(this.rows.keys());
  }

  #inOrder(keys: Iterable<string>): AnyRow[] {
    return [...keys]
      .sort()
      .map((key) => this.rows.get(key))
      .filter((row) => row !== undefined);
  }

  text(): string {
    const columns = Object.keys(this.#table.columns);
    const lines = this.sorted().map((row) => JSON.stringify(columns.map((column) => row[column])));
    return [this.#table.name, ...lines].join('\n');
  }
}

function keyText(key: readonly KeyValue[]): string {
  return key.length === 1 ? String(key[0]) : key.join('\0');
}
