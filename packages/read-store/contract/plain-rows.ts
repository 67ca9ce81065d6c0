import { type KeyValue, type Rows, type Table, tokensColumn } from '../index.ts';

export type PlainRow = Readonly<Record<string, unknown>>;

/** Rows in maps, as plainly as can be: what the engine and every adapter are compared with. */
export class PlainRows implements Rows {
  readonly #tables = new Map<string, PlainTable>();

  constructor(tables: Iterable<Table<never>>) {
    for (const table of tables) this.#tables.set(table.name, new PlainTable(table));
  }

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    return this.of(table).rows.get(JSON.stringify(key)) as Row | undefined;
  }

  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[] {
    return this.of(table)
      .inOrder()
      .filter((row) => row[column] === value) as unknown as readonly Row[];
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    this.of(table).put(row as PlainRow);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.of(table).delete(JSON.stringify(key));
  }

  /** Every row of every table, in key order, with its words. */
  contents(): Record<string, readonly PlainRow[]> {
    return Object.fromEntries([...this.#tables].map(([name, table]) => [name, table.contents()]));
  }

  of(table: { readonly name: string }): PlainTable {
    const found = this.#tables.get(table.name);
    if (found === undefined) throw new Error(`no table ${table.name}`);
    return found;
  }
}

export class PlainTable {
  readonly rows = new Map<string, PlainRow>();
  readonly #words = new Map<string, string>();
  readonly #table: Table<never>;
  readonly #tokens: string | undefined;

  constructor(table: Table<never>) {
    this.#table = table;
    this.#tokens = tokensColumn(table);
  }

  put(row: PlainRow): void {
    const id = JSON.stringify((this.#table.key as readonly string[]).map((column) => row[column]));
    if (this.#table.appendOnly && this.rows.has(id)) throw new Error(`${this.#table.name} has ${id} already`);
    if (this.#tokens === undefined) this.rows.set(id, row);
    else {
      const words = row[this.#tokens];
      if (typeof words === 'string') this.#words.set(id, words);
      this.rows.set(id, { ...row, [this.#tokens]: null });
    }
  }

  delete(id: string): void {
    this.rows.delete(id);
    this.#words.delete(id);
  }

  inOrder(): PlainRow[] {
    return [...this.rows].sort(([a], [b]) => byKey(JSON.parse(a), JSON.parse(b))).map(([, row]) => row);
  }

  contents(): PlainRow[] {
    const tokens = this.#tokens;
    if (tokens === undefined) return this.inOrder();
    const sorted = [...this.rows].sort(([a], [b]) => byKey(JSON.parse(a), JSON.parse(b)));
    return sorted.map(([id, row]) => ({ ...row, [tokens]: this.#words.get(id) ?? '' }));
  }
}

function byKey(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
