import { askOfList, askOfRow } from './asks.ts';
import { isKeyValue } from './cached-row.ts';
import { Facts } from './facts.ts';
import type { Ask, TableChanges } from './generation.ts';
import { InsertBuffer } from './insert-buffer.ts';
import type { KeyValue, Prefetch, Rows } from './projection.ts';
import { RowWatch } from './row-watch.ts';
import type { Table } from './table.ts';
import { TableCache } from './table-cache.ts';
import { TouchedTables } from './touched-tables.ts';

/** Looks of one event at rows that are in memory. Beyond, its projection has a defect, such as following rows in a circle. */
const MAX_LOOKS_PER_EVENT = 300_000;

/** Of the rows allowed, how many an eviction leaves: a sweep over all rows has to be worth it. */
const KEPT_SHARE = 7 / 8;
/** Steps after which a row of a table that is `revisited` seldom goes. */
const SELDOM_AGE = 2;
/** Steps told apart in what to keep. */
const MAX_AGE = 1_000;

/** Thrown through a fold that asked for rows not in memory; the engine loads them and folds the event again. */
export class RowsAsked {
  readonly asks: readonly Ask[];
  constructor(asks: readonly Ask[]) {
    this.asks = asks;
  }
}

/**
 * The rows of a read model as far as they are in memory: what was loaded, overlaid with what folds changed and the
 * database has not confirmed yet. Changes of one event can be taken back; changes of many events leave as one step.
 */
export class RowCache implements Rows {
  readonly #keyed = new Map<string, TableCache>();
  readonly #appended = new Map<string, InsertBuffer>();
  readonly #touched = new TouchedTables();
  readonly #watch = new RowWatch();
  readonly facts = new Facts();
  #looks = 0;

  /** With `isEmpty` the database holds no rows yet. */
  constructor(tables: readonly Table<never>[], isEmpty = false) {
    for (const table of tables) {
      if (table.appendOnly) this.#appended.set(table.name, new InsertBuffer(table, this.#touched));
      else this.#keyed.set(table.name, new TableCache(table, this.#touched, this.#watch, isEmpty));
    }
  }

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    this.#look();
    const place = this.#of(table).find(key);
    if (place.row === undefined) throw new RowsAsked([askOfRow(table, key)]);
    return (place.row ?? undefined) as Row | undefined;
  }

  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[] {
    this.#look();
    const rows = this.#of(table).lists(column).rows(value);
    if (rows === undefined) throw new RowsAsked([askOfList(table, column, value)]);
    return rows as readonly Row[];
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    if (table.appendOnly) this.#buffer(table).put(row);
    else this.#of(table).put(row);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.#of(table).delete(key);
  }

  /**
   * Asks of `fill` that memory cannot answer yet, each once. A `fill` that fails is no failure: its wishes only save
   * time, and the fold of the event it stumbled over will say what is wrong.
   */
  missing(fills: Iterable<(wish: Prefetch) => void>): Ask[] {
    const asks: Ask[] = [];
    const wish: Prefetch = {
      row: (table, ...key) => {
        const place = this.#of(table).find(key);
        if (place.row !== undefined) return (place.row ?? undefined) as never;
        if (!place.asked) asks.push(askOfRow(table, key));
        place.asked = true;
        return undefined;
      },
      list: (table, column, value) => {
        const lists = this.#of(table).lists(column);
        const rows = lists.rows(value);
        if (rows !== undefined) return rows as never;
        if (isKeyValue(value) && lists.ask(value)) asks.push(askOfList(table, column, value));
        return undefined;
      },
      facts: this.facts,
    };
    for (const fill of fills) {
      try {
        fill(wish);
      } catch {}
    }
    return asks;
  }

  /** Takes in what the database answered; rows changed here stay as they are. */
  accept(asks: readonly Ask[], answers: readonly (readonly object[])[]): void {
    for (let at = 0; at < asks.length; at++) {
      const ask = asks[at];
      const rows = answers[at] ?? [];
      if (ask === undefined) continue;
      const cache = this.#of(ask.table);
      if (ask.kind === 'row') cache.accept(cache.find(ask.key), rows[0]);
      else cache.acceptList(ask.column, ask.value, rows);
    }
  }

  /** Tables and keys of rows that the event under way has changed, and no event before it since the last `collect`. */
  *touched(): Iterable<readonly [table: string, key: readonly KeyValue[]]> {
    for (const table of this.#touched) for (const key of table.touched()) yield [table.table.name, key];
  }

  /** Ends the changes of one event: they are kept. */
  keep(): void {
    this.#looks = 0;
    this.facts.keep();
    this.#touched.keep();
  }

  /** Ends the changes of one event: they are taken back. */
  takeBack(): void {
    this.#looks = 0;
    this.facts.takeBack();
    this.#touched.takeBack();
  }

  /** Rows and lists held, a large row as several. */
  get held(): number {
    return sum([...this.#keyed.values()], (cache) => cache.held);
  }

  /** Rows changed since the last `collect`, a large one as several. */
  get changes(): number {
    let changes = 0;
    for (const cache of this.#keyed.values()) changes += cache.changes;
    for (const buffer of this.#appended.values()) changes += buffer.changes;
    return changes;
  }

  /** Everything changed since the last call, as one set of changes; held in memory until `confirm`. */
  collect(): TableChanges[] {
    const all = [...this.#keyed.values(), ...this.#appended.values()];
    return all.flatMap((table) => table.collect() ?? []);
  }

  /** As `collect`, of append-only tables alone. */
  collectAppended(): TableChanges[] {
    return [...this.#appended.values()].flatMap((table) => table.collect() ?? []);
  }

  /** The oldest collected changes are in the database now. */
  confirm(): void {
    for (const cache of this.#keyed.values()) cache.confirm();
  }

  /**
   * Ends a step. Lets go of clean rows when more than `maxRows` are held, until some room is left: those looked at last, by
   * the step, are kept longest.
   */
  evict(maxRows: number): void {
    const caches = [...this.#keyed.values()];
    for (const cache of caches) {
      cache.endEra();
      if (cache.table.revisited === 'seldom') this.#evict(cache, SELDOM_AGE);
    }
    if (this.held <= maxRows) return;
    const age = ageToEvict(caches, maxRows * KEPT_SHARE);
    for (const cache of caches) this.#evict(cache, age);
  }

  #evict(cache: TableCache, age: number): void {
    cache.evict(age);
    this.#watch.isBroken = true;
  }

  /** Reads rows and remembers which; `isWatchBroken` tells when one of them may have changed since. */
  watch(read: (rows: Pick<Rows, 'get'>) => void): void {
    this.#watch.begin();
    read({
      get: (table, ...key) => {
        this.#watch.add(this.#of(table).find(key));
        return this.get(table, ...key);
      },
    });
  }

  get isWatchBroken(): boolean {
    return this.#watch.isBroken;
  }

  #look(): void {
    if (++this.#looks > MAX_LOOKS_PER_EVENT)
      throw new Error(`looked at rows more than ${MAX_LOOKS_PER_EVENT} times for one event`);
  }

  #of(table: { readonly name: string; readonly appendOnly: boolean }): TableCache {
    const cache = this.#keyed.get(table.name);
    if (cache !== undefined) return cache;
    if (table.appendOnly) throw new Error(`table ${table.name} is append-only: a fold cannot read it`);
    throw new Error(`table ${table.name} is not declared by this read model`);
  }

  #buffer(table: { readonly name: string }): InsertBuffer {
    const buffer = this.#appended.get(table.name);
    if (buffer === undefined) throw new Error(`table ${table.name} is not declared by this read model`);
    return buffer;
  }
}

/** Evicting rows of that age leaves at most `maxRows`, besides those that must stay. */
function ageToEvict(caches: readonly TableCache[], maxRows: number): number {
  const counts = Array.from({ length: MAX_AGE + 1 }, () => 0);
  for (const cache of caches) cache.countByAge(counts);
  let kept = counts[0] ?? 0;
  for (let age = 1; age < MAX_AGE; age++) {
    kept += counts[age] ?? 0;
    if (kept > maxRows) return age;
  }
  return MAX_AGE;
}

function sum(caches: readonly TableCache[], count: (cache: TableCache) => number): number {
  return caches.reduce((total, cache) => total + count(cache), 0);
}
