import type { Foldable, Prefetch, ReadModel } from './projection.ts';
import { type RowCache, RowsAsked } from './row-cache.ts';
import { defineTable } from './table.ts';

/** A data subject whose events wait, in order, from `version` on. It waits because its customer is parked. */
export interface ParkedRow {
  readonly subject: string;
  /** Constant; makes the whole table one list. */
  readonly list: 'parked';
  /** First waiting event. */
  readonly version: number;
  readonly position: number;
  readonly recordedAt: number;
  readonly waiting: number;
  /** Why the first event could not be folded; empty when it only waits behind another one of its customer. */
  readonly reason: string;
}

export const parkedTable = defineTable<ParkedRow>({
  name: 'parked',
  columns: {
    subject: 'text',
    list: 'text',
    version: 'integer',
    position: 'integer',
    recordedAt: 'integer',
    waiting: 'integer',
    reason: 'text',
  },
  key: ['subject'],
  indexes: [['list']],
});

/** Who is parked. Kept as rows beside the read model's own, so they commit and roll back with it. */
export class Parking<Event extends Foldable> {
  readonly #rows: RowCache;
  readonly #routing: ReadModel<Event>['routing'];
  #parkedCustomers: Set<string> | undefined;

  constructor(rows: RowCache, routing: ReadModel<Event>['routing']) {
    this.#rows = rows;
    this.#routing = routing;
  }

  static prefetch(wish: Prefetch): void {
    wish.list(parkedTable, 'list', 'parked');
  }

  /** Call after anything that may have moved data subjects between customers, or changed who is parked. */
  customersMayHaveChanged(): void {
    this.#parkedCustomers = undefined;
  }

  holds(customer: string): boolean {
    const parked = this.rows();
    if (parked.length === 0) return false;
    this.#parkedCustomers ??= new Set(parked.map((row) => this.#routing.customerOf(row.subject, this.#rows)));
    return this.#parkedCustomers.has(customer);
  }

  rows(): readonly ParkedRow[] {
    return this.#rows.list(parkedTable, 'list', 'parked');
  }

  /** Parked data subjects that belong to one customer now. */
  of(customer: string): readonly ParkedRow[] {
    return this.rows().filter((row) => this.#routing.customerOf(row.subject, this.#rows) === customer);
  }

  /** Holds one event back, and with it everything of its customer that comes later. */
  add(event: Event, reason: string): void {
    const row = this.#rows.get(parkedTable, event.subject);
    this.#rows.put(
      parkedTable,
      row === undefined
        ? {
            subject: event.subject,
            list: 'parked',
            version: event.version,
            position: Number(event.position),
            recordedAt: event.recordedAt,
            waiting: 1,
            reason,
          }
        : { ...row, waiting: row.waiting + 1 },
    );
    this.customersMayHaveChanged();
  }

  release(subject: string): void {
    this.#rows.delete(parkedTable, subject);
    this.customersMayHaveChanged();
  }
}

/** The failure's own words, bounded. Folds must not put personal data into their errors. */
export function reasonOf(failure: unknown): string {
  if (failure instanceof RowsAsked) return 'asked for rows without end';
  return (failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure)).slice(0, 500);
}
