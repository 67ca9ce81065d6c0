import type { TableChanges } from './generation.ts';
import type { KeyValue } from './projection.ts';
import type { Table } from './table.ts';

type RowKey = string | number;
type AnyRow = Readonly<Record<string, unknown>>;
/** `undefined`: not in memory; `null`: known not to exist. */
type Known = AnyRow | null | undefined;

/** The part of a `RowCache` that belongs to one table. */
export class TableCache {
  readonly #table: Table<never>;
  readonly #rows = new Map<RowKey, AnyRow | null>();
  /** Complete lists by indexed column and value: keys of the rows that belong to them. */
  readonly #lists = new Map<string, Map<KeyValue, Set<RowKey>>>();
  readonly #undo: { key: RowKey; before: Known }[] = [];
  #changed = new Map<RowKey, readonly KeyValue[]>();
  /** Changes handed out by `collect` and not confirmed yet, oldest first. */
  readonly #inFlight: Map<RowKey, readonly KeyValue[]>[] = [];
  #inserts: AnyRow[] = [];
  #insertsBefore = 0;

  constructor(table: Table<never>) {
    this.#table = table;
    for (const index of table.indexes) if (index[0] !== undefined) this.#lists.set(index[0], new Map());
  }

  get size(): number {
    return this.#rows.size;
  }

  get changesOfEvent(): number {
    return this.#undo.length + this.#inserts.length - this.#insertsBefore;
  }

  keyOf(key: readonly KeyValue[]): RowKey {
    return key.length === 1 ? (key[0] as RowKey) : key.join('\0');
  }

  get(key: readonly KeyValue[]): Known {
    this.#refuseAppendOnly();
    return this.#rows.get(this.keyOf(key));
  }

  list(column: string, value: KeyValue): AnyRow[] | undefined {
    this.#refuseAppendOnly();
    const keys = this.#listsOf(column).get(value);
    if (keys === undefined) return undefined;
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : 1));
    return sorted.map((key) => this.#rows.get(key)).filter((row) => row !== null && row !== undefined);
  }

  put(row: object): void {
    const values = row as AnyRow;
    if (this.#table.appendOnly) {
      this.#inserts.push(values);
      return;
    }
    const key = this.#table.key.map((column) => values[column] as KeyValue);
    this.#change(this.keyOf(key), key, values);
  }

  delete(key: readonly KeyValue[]): void {
    this.#refuseAppendOnly();
    this.#change(this.keyOf(key), key, null);
  }

  accept(key: readonly KeyValue[], row: object | null): void {
    const rowKey = this.keyOf(key);
    if (!this.#rows.has(rowKey)) this.#set(rowKey, row as AnyRow | null);
  }

  acceptList(column: string, value: KeyValue, rows: readonly object[]): void {
    for (const row of rows as readonly AnyRow[])
      this.accept(
        this.#table.key.map((name) => row[name] as KeyValue),
        row,
      );
    const members = new Set<RowKey>();
    const answered = (rows as readonly AnyRow[]).map((row) =>
      this.#table.key.map((name) => row[name] as KeyValue),
    );
    for (const key of [...answered.map((values) => this.keyOf(values)), ...this.#unconfirmedKeys()])
      if (this.#rows.get(key)?.[column] === value) members.add(key);
    this.#listsOf(column).set(value, members);
  }

  keep(): void {
    this.#undo.length = 0;
    this.#insertsBefore = this.#inserts.length;
  }

  takeBack(): void {
    for (const { key, before } of this.#undo.reverse()) this.#set(key, before);
    this.#undo.length = 0;
    this.#inserts.length = this.#insertsBefore;
  }

  collect(): TableChanges | undefined {
    this.#inFlight.push(this.#changed);
    const puts: AnyRow[] = this.#inserts;
    const deletes: (readonly KeyValue[])[] = [];
    for (const [rowKey, key] of this.#changed) {
      const row = this.#rows.get(rowKey);
      if (row) puts.push(row);
      else if (row === null) deletes.push(key);
    }
    this.#changed = new Map();
    this.#inserts = [];
    this.#insertsBefore = 0;
    if (puts.length === 0 && deletes.length === 0) return undefined;
    return { table: this.#table, puts, deletes };
  }

  confirm(): void {
    this.#inFlight.shift();
  }

  forgetClean(): void {
    for (const lists of this.#lists.values()) lists.clear();
    const unconfirmed = new Set(this.#unconfirmedKeys());
    for (const key of this.#rows.keys()) {
      if (!unconfirmed.has(key)) this.#rows.delete(key);
    }
  }

  /** Rows moved into or out of a list here may not be in the database yet. */
  *#unconfirmedKeys(): Iterable<RowKey> {
    for (const keys of this.#inFlight) yield* keys.keys();
    yield* this.#changed.keys();
  }

  #change(rowKey: RowKey, key: readonly KeyValue[], row: AnyRow | null): void {
    this.#undo.push({ key: rowKey, before: this.#rows.get(rowKey) });
    this.#set(rowKey, row);
    this.#changed.set(rowKey, key);
  }

  #set(key: RowKey, row: Known): void {
    const before = this.#rows.get(key);
    for (const [column, lists] of this.#lists) {
      if (lists.size === 0) continue;
      if (before) lists.get(before[column] as KeyValue)?.delete(key);
      if (row) lists.get(row[column] as KeyValue)?.add(key);
    }
    if (row === undefined) this.#rows.delete(key);
    else this.#rows.set(key, row);
  }

  #listsOf(column: string): Map<KeyValue, Set<RowKey>> {
    const lists = this.#lists.get(column);
    if (lists === undefined)
      throw new Error(`table ${this.#table.name} has no index that begins with column ${column}`);
    return lists;
  }

  #refuseAppendOnly(): void {
    if (this.#table.appendOnly)
      throw new Error(`table ${this.#table.name} is append-only: a fold cannot read it`);
  }
}
