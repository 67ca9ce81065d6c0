import { type AnyRow, byKey, type CachedRow } from './cached-row.ts';
import type { KeyValue } from './projection.ts';

interface List {
  /** Every row of the database with this value is in. Until then only rows that moved here in memory are. */
  isComplete: boolean;
  isAsked: boolean;
  readonly members: Set<CachedRow>;
  inOrder: readonly AnyRow[] | undefined;
}

/** Rows in memory by the value of one indexed column. Costs nothing until the first list is asked for. */
export class ListIndex {
  readonly #column: string;
  readonly #lists = new Map<unknown, List>();
  isUsed = false;

  constructor(column: string) {
    this.#column = column;
  }

  get size(): number {
    return this.#lists.size;
  }

  /** Begins to follow moves; `unconfirmed` are the rows that may lie elsewhere in the database. */
  use(unconfirmed: Iterable<CachedRow>): void {
    this.isUsed = true;
    for (const place of unconfirmed) this.moved(place, undefined, place.row);
  }

  forget(): void {
    this.isUsed = false;
    this.#lists.clear();
  }

  /** `undefined` when the list is not in memory. */
  rows(value: KeyValue): readonly AnyRow[] | undefined {
    const list = this.#lists.get(value);
    if (!list?.isComplete) return undefined;
    list.inOrder ??= [...list.members].sort(byKey).map((place) => place.row as AnyRow);
    return list.inOrder;
  }

  /** Marks the list as asked for; answers whether it was not. */
  ask(value: KeyValue): boolean {
    const list = this.#of(value);
    const isNew = !list.isAsked;
    list.isAsked = true;
    return isNew;
  }

  complete(value: KeyValue, answered: Iterable<CachedRow>): void {
    const list = this.#of(value);
    for (const place of answered) if (place.row?.[this.#column] === value) list.members.add(place);
    list.isComplete = true;
    list.isAsked = false;
    list.inOrder = undefined;
  }

  moved(place: CachedRow, before: CachedRow['row'], after: CachedRow['row']): void {
    const from = before?.[this.#column] ?? undefined;
    const to = after?.[this.#column] ?? undefined;
    const left = from === undefined ? undefined : this.#lists.get(from);
    if (left !== undefined) {
      left.inOrder = undefined;
      if (from !== to) left.members.delete(place);
    }
    if (to === undefined || from === to) return;
    const entered = this.#of(to);
    entered.inOrder = undefined;
    entered.members.add(place);
  }

  #of(value: unknown): List {
    let list = this.#lists.get(value);
    if (list === undefined) {
      list = { isComplete: false, isAsked: false, members: new Set(), inOrder: undefined };
      this.#lists.set(value, list);
    }
    return list;
  }
}
