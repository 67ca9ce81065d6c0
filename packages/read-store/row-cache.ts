import type { Ask, TableChanges } from './generation.ts';
import type { KeyValue, Prefetch, Rows } from './projection.ts';
import type { Table } from './table.ts';
import { TableCache } from './table-cache.ts';

/** Thrown through a fold that asked for rows not in memory; the engine loads them and folds the event again. */
export class RowsAsked {
  readonly ask: Ask;
  constructor(ask: Ask) {
    this.ask = ask;
  }
}

/**
 * The rows of a read model as far as they are in memory: what was loaded, overlaid with what folds changed and the
 * database has not confirmed yet. Changes of one event can be taken back; changes of many events leave as one step.
 */
export class RowCache implements Rows {
  readonly #tables = new Map<string, TableCache>();

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    const row = this.#of(table).get(key);
    if (row === undefined) throw new RowsAsked({ kind: 'row', table: table as Table<never>, key });
    return (row ?? undefined) as Row | undefined;
  }

  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[] {
    const rows = this.#of(table).list(column, value);
    if (rows === undefined)
      throw new RowsAsked({ kind: 'list', table: table as Table<never>, column, value });
    return rows as Row[];
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    this.#of(table).put(row);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.#of(table).delete(key);
  }

  /** Asks of `fill` that memory cannot answer yet, each once. */
  missing(fill: (wish: Prefetch) => void): Ask[] {
    const asks = new Map<string, Ask>();
    fill({
      row: (table, ...key) => {
        const cache = this.#of(table);
        if (cache.get(key) !== undefined) return;
        asks.set(`${table.name}\0${cache.keyOf(key)}`, { kind: 'row', table: table as Table<never>, key });
      },
      list: (table, column, value) => {
        if (this.#of(table).list(column, value) !== undefined) return;
        const ask: Ask = { kind: 'list', table: table as Table<never>, column, value };
        asks.set(`${table.name}\0${column}\0${value}`, ask);
      },
    });
    return [...asks.values()];
  }

  /** Takes in what the database answered; rows changed here stay as they are. */
  accept(asks: readonly Ask[], answers: readonly (readonly object[])[]): void {
    asks.forEach((ask, at) => {
      const rows = answers[at] ?? [];
      const cache = this.#of(ask.table);
      if (ask.kind === 'row') cache.accept(ask.key, rows[0] ?? null);
      else cache.acceptList(ask.column, ask.value, rows);
    });
  }

  /** Ends the changes of one event: they are kept. */
  keep(): void {
    for (const cache of this.#tables.values()) cache.keep();
  }

  /** Ends the changes of one event: they are taken back. */
  takeBack(): void {
    for (const cache of this.#tables.values()) cache.takeBack();
  }

  /** Everything changed since the last call, as one set of changes; pinned in memory until `confirm`. */
  collect(): TableChanges[] {
    return [...this.#tables.values()].flatMap((cache) => cache.collect() ?? []);
  }

  /** The oldest collected changes are in the database now. Forgets clean rows when more than `maxRows` are held. */
  confirm(maxRows: number): void {
    for (const cache of this.#tables.values()) cache.confirm();
    let held = 0;
    for (const cache of this.#tables.values()) held += cache.size;
    if (held > maxRows) for (const cache of this.#tables.values()) cache.forgetClean();
  }

  /** Count of changes made since the start of the event under way; grows with each `put` and `delete`. */
  get changesOfEvent(): number {
    let count = 0;
    for (const cache of this.#tables.values()) count += cache.changesOfEvent;
    return count;
  }

  #of(table: { readonly name: string }): TableCache {
    let cache = this.#tables.get(table.name);
    if (cache === undefined) {
      cache = new TableCache(table as Table<never>);
      this.#tables.set(table.name, cache);
    }
    return cache;
  }
}
