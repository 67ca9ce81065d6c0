import type { Ask } from './generation.ts';
import type { Foldable, Prefetch, ReadModel, Rows } from './projection.ts';
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
  /** Parked data subjects by customer; known until one of them may have another customer. */
  #customers: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(rows: RowCache, routing: ReadModel<Event>['routing']) {
    this.#rows = rows;
    this.#routing = routing;
  }

  static prefetch(wish: Prefetch): void {
    wish.list(parkedTable, 'list', 'parked');
  }

  /** Whether events of this data subject wait: its own, or another one's of its customer. */
  holds(subject: string): boolean {
    const customers = this.#parked();
    return customers.size > 0 && customers.has(this.#routing.customerOf(subject, this.#rows));
  }

  /** Parked data subjects that belong to one customer now. */
  of(customer: string): readonly ParkedRow[] {
    const subjects = this.#parked().get(customer) ?? [];
    return subjects.flatMap((subject) => this.#rows.get(parkedTable, subject) ?? []);
  }

  /** The customer of a parked data subject; its own name while the routing cannot tell. */
  customerOf(subject: string, rows: Pick<Rows, 'get'> = this.#rows): string {
    try {
      return this.#routing.customerOf(subject, rows);
    } catch (failure) {
      if (failure instanceof RowsAsked) throw failure;
      return subject;
    }
  }

  /** Holds one event back, and with it everything of its customer that comes later. */
  add(event: Event, reason: string): void {
    const row = this.#rows.get(parkedTable, event.subject);
    if (row !== undefined) {
      this.#rows.put(parkedTable, { ...row, waiting: row.waiting + 1 });
      return;
    }
    this.#rows.put(parkedTable, {
      subject: event.subject,
      list: 'parked',
      version: event.version,
      position: Number(event.position),
      recordedAt: event.recordedAt,
      waiting: 1,
      reason,
    });
    this.#customers = undefined;
  }

  /** Puts a parked data subject's row as it is now, or takes it off the list when nothing of it waits any more. */
  settle(row: ParkedRow): void {
    if (row.waiting > 0) this.#rows.put(parkedTable, row);
    else this.#rows.delete(parkedTable, row.subject);
    this.#customers = undefined;
  }

  #parked(): ReadonlyMap<string, readonly string[]> {
    if (this.#customers !== undefined && !this.#rows.isWatchBroken) return this.#customers;
    this.#customers = undefined;
    const customers = new Map<string, string[]>();
    const parked = this.#rows.list(parkedTable, 'list', 'parked');
    this.#rows.watch((rows) => {
      askTogether(parked, ({ subject }) => {
        const customer = this.customerOf(subject, rows);
        const others = customers.get(customer);
        if (others === undefined) customers.set(customer, [subject]);
        else others.push(subject);
      });
    });
    this.#customers = customers;
    return customers;
  }
}

/** Looks at everything before it asks, so that many missing rows cost one round trip. */
function askTogether<T>(items: readonly T[], look: (item: T) => void): void {
  const asks: Ask[] = [];
  for (const item of items) {
    try {
      look(item);
    } catch (failure) {
      if (!(failure instanceof RowsAsked)) throw failure;
      asks.push(...failure.asks);
    }
  }
  if (asks.length > 0) throw new RowsAsked(asks);
}

/** The failure's own words, bounded. Folds must not put personal data into their errors. */
export function reasonOf(failure: unknown): string {
  const reason = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  return reason.slice(0, 500).toWellFormed();
}
