import { type AnyRow, type CachedRow, isKey, keyOf, type RowId, rowId, weightOf } from './cached-row.ts';
import type { Cell, TableChanges } from './generation.ts';
import { ListIndex } from './list-index.ts';
import type { KeyValue } from './projection.ts';
import { RowCells } from './row-cells.ts';
import type { RowWatch } from './row-watch.ts';
import { SeenKeys } from './seen-keys.ts';
import { type Table, tokensColumn } from './table.ts';
import type { TouchedTable, TouchedTables } from './touched-tables.ts';

type Undo = Pick<CachedRow, 'row' | 'step' | 'words' | 'weight'> & { place: CachedRow };

/** The part of a `RowCache` that belongs to one table with rows that are read and replaced. */
export class TableCache implements TouchedTable {
  readonly table: Table<never>;
  readonly #touched: TouchedTables;
  readonly #watch: RowWatch;
  readonly #tokens: string | undefined;
  readonly #keyColumns: readonly string[];
  readonly #layout: RowCells;
  readonly #seen: SeenKeys | undefined;
  readonly #rows = new Map<RowId, CachedRow>();
  /** What they weigh together. */
  #weight = 0;
  #era = 0;
  #last: CachedRow | undefined;
  readonly #lists = new Map<string, ListIndex>();
  #usedLists: ListIndex[] = [];
  #changed: CachedRow[] = [];
  /** Of those, how many had changed before the event under way. */
  #changedBefore = 0;
  /** What the rows changed weigh, and those that had changed before the event under way. */
  #changes = 0;
  #changesBefore = 0;
  /** Changes handed out by `collect` and not confirmed yet, oldest first. */
  readonly #inFlight: CachedRow[][] = [];
  #step = 1;
  /** Filled up to `#undoCount`, and filled again by the next event. */
  readonly #undo: Undo[] = [];
  #undoCount = 0;

  /** With `isEmpty` the database holds no row of it yet. */
  constructor(table: Table<never>, touched: TouchedTables, watch: RowWatch, isEmpty: boolean) {
    this.table = table;
    this.#touched = touched;
    this.#watch = watch;
    this.#tokens = tokensColumn(table);
    this.#keyColumns = table.key;
    this.#layout = new RowCells(table);
    if (isEmpty) this.#seen = new SeenKeys();
    for (const [column] of table.indexes as readonly (readonly string[])[])
      if (column !== undefined) this.#lists.set(column, new ListIndex(column));
  }

  /** Rows and lists held, by weight. */
  get held(): number {
    let held = this.#weight;
    for (const index of this.#usedLists) held += index.size;
    return held;
  }

  /** Rows changed since the last `collect`, by weight. */
  get changes(): number {
    return this.#changes;
  }

  /** The row's place in memory, whether or not the row is there. */
  find(key: readonly KeyValue[]): CachedRow {
    const last = this.#last;
    if (last !== undefined && isUnder(last, key)) return last;
    const id = rowId(key);
    const place = this.#rows.get(id) ?? this.#enter(id, key);
    place.era = this.#era;
    this.#last = place;
    return place;
  }

  #enter(id: RowId, key: readonly KeyValue[]): CachedRow {
    if (!isKey(key, this.#keyColumns.length))
      throw new TypeError(`table ${this.table.name} cannot have a row with such a key`);
    const row = this.#seen?.has(id) === false ? null : undefined;
    const parts = key.length === 1 ? undefined : key;
    const place = { id, parts, row, step: 0, words: undefined, asked: false, era: this.#era, weight: 1 };
    this.#rows.set(id, place);
    this.#weight++;
    return place;
  }

  /** The index over a column, following moves from now on. */
  lists(column: string): ListIndex {
    const index = this.#lists.get(column);
    if (index === undefined)
      throw new Error(`table ${this.table.name} has no index that begins with column ${column}`);
    if (!index.isUsed) {
      index.use(this.#unconfirmed());
      this.#usedLists.push(index);
    }
    return index;
  }

  put(row: object): void {
    const values = row as AnyRow;
    const weight = weightOf(this.#layout.check(values));
    const place = this.find(this.#keyOf(values));
    if (this.#tokens === undefined) {
      this.#change(place, values, undefined, weight);
      return;
    }
    const words = values[this.#tokens];
    if (typeof words === 'string') this.#change(place, { ...values, [this.#tokens]: null }, words, weight);
    else this.#change(place, values, place.step === this.#step ? place.words : undefined, weight);
  }

  delete(key: readonly KeyValue[]): void {
    this.#change(this.find(key), null, this.#tokens === undefined ? undefined : '', 1);
  }

  /** Takes in what the database answered, unless memory knows better. */
  accept(place: CachedRow, row: object | undefined): void {
    place.asked = false;
    if (place.row !== undefined) return;
    place.row = (row as AnyRow | undefined) ?? null;
    if (place.row !== null) this.#weigh(place, weightOf(this.#layout.sizeOf(place.row)));
  }

  acceptList(column: string, value: KeyValue, rows: readonly object[]): void {
    const places = rows.map((row) => {
      const place = this.find(this.#keyOf(row as AnyRow));
      this.accept(place, row);
      return place;
    });
    this.lists(column).complete(value, places);
  }

  keep(): void {
    this.#undoCount = 0;
    this.#changedBefore = this.#changed.length;
    this.#changesBefore = this.#changes;
  }

  *touched(): Iterable<readonly KeyValue[]> {
    for (let at = this.#changedBefore; at < this.#changed.length; at++) {
      const place = this.#changed[at];
      if (place !== undefined) yield keyOf(place);
    }
  }

  takeBack(): void {
    while (this.#undoCount > 0) {
      const undo = this.#undo[--this.#undoCount];
      if (undo === undefined) break;
      this.#set(undo.place, undo.row, undo.weight);
      undo.place.step = undo.step;
      undo.place.words = undo.words;
    }
    this.#changed.length = this.#changedBefore;
    this.#changes = this.#changesBefore;
  }

  collect(): TableChanges | undefined {
    const changed = this.#changed;
    this.#inFlight.push(changed);
    this.#changed = [];
    this.#changedBefore = 0;
    this.#changes = 0;
    this.#changesBefore = 0;
    this.#step++;
    this.#undo.length = 0;
    if (changed.length === 0) return undefined;
    const cells: Cell[] = [];
    const deletes: (readonly KeyValue[])[] = [];
    for (const place of changed) {
      const { row, words } = place;
      if (!row) deletes.push(keyOf(place));
      else this.#layout.append(words === undefined ? row : { ...row, [this.#tokens ?? '']: words }, cells);
    }
    return { table: this.table, cells, deletes };
  }

  /** The oldest collected changes are in the database now. */
  confirm(): void {
    this.#inFlight.shift();
  }

  /** Begins the next era, of rows looked at from now on and of those the database has not confirmed. */
  endEra(): void {
    this.#era++;
    this.#last = undefined;
    for (const place of this.#unconfirmed()) place.era = this.#era;
  }

  /** Adds what the rows held weigh to `counts`, by how many eras ago they were looked at last; `counts[n]` has those of longer ago too. */
  countByAge(counts: number[]): void {
    const oldest = counts.length - 1;
    for (const { era, weight } of this.#rows.values()) {
      const age = Math.min(this.#era - era, oldest);
      counts[age] = (counts[age] ?? 0) + weight;
    }
  }

  /** Lets go of rows that were last looked at `age` eras ago or earlier, and of every list. */
  evict(age: number): void {
    this.#last = undefined;
    const newest = this.#era - age;
    for (const place of this.#rows.values()) {
      if (place.era > newest) continue;
      this.#rows.delete(place.id);
      this.#weight -= place.weight;
    }
    for (const index of this.#usedLists) index.forget();
    this.#usedLists = [];
  }

  *#unconfirmed(): Iterable<CachedRow> {
    for (const changed of this.#inFlight) yield* changed;
    yield* this.#changed;
  }

  #keyOf(values: AnyRow): KeyValue[] {
    const columns = this.#keyColumns;
    const key: KeyValue[] = [values[columns[0] ?? ''] as KeyValue];
    for (let at = 1; at < columns.length; at++) key.push(values[columns[at] ?? ''] as KeyValue);
    return key;
  }

  #change(place: CachedRow, row: AnyRow | null, words: string | undefined, weight: number): void {
    if (this.#undoCount === 0) this.#touched.add(this);
    const undo = this.#undo[this.#undoCount];
    if (undo === undefined)
      this.#undo.push({ place, row: place.row, step: place.step, words: place.words, weight: place.weight });
    else {
      undo.place = place;
      undo.row = place.row;
      undo.step = place.step;
      undo.words = place.words;
      undo.weight = place.weight;
    }
    this.#undoCount++;
    const isFirst = place.step !== this.#step;
    this.#changes += isFirst ? weight : weight - place.weight;
    this.#set(place, row, weight);
    place.words = words;
    if (!isFirst) return;
    place.step = this.#step;
    this.#changed.push(place);
  }

  #weigh(place: CachedRow, weight: number): void {
    this.#weight += weight - place.weight;
    place.weight = weight;
  }

  #set(place: CachedRow, row: CachedRow['row'], weight: number): void {
    this.#weigh(place, weight);
    const lists = this.#usedLists;
    for (let at = 0; at < lists.length; at++) lists[at]?.moved(place, place.row, row);
    if (row && !place.row) this.#seen?.add(place.id);
    place.row = row;
    this.#watch.changed(place);
  }
}

function isUnder({ id, parts }: CachedRow, key: readonly KeyValue[]): boolean {
  if (parts === undefined) return key.length === 1 && key[0] === id;
  if (parts.length !== key.length) return false;
  for (let at = 0; at < parts.length; at++) if (parts[at] !== key[at]) return false;
  return true;
}
