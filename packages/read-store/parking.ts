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

/** How many are parked: one row, so that nobody has to look at all of them. */
export interface ParkingRow {
  readonly list: 'parked';
  /** Parked data subjects, and events that wait. */
  readonly subjects: number;
  readonly events: number;
}

export const parkingTable = defineTable<ParkingRow>({
  name: 'parking',
  columns: { list: 'text', subjects: 'integer', events: 'integer' },
  key: ['list'],
});

const NOBODY: ParkingRow = { list: 'parked', subjects: 0, events: 0 };

/** Who is parked. Kept as rows beside the read model's own, so they commit and roll back with it. */
export class Parking<Event extends Foldable> {
  readonly #rows: RowCache;
  readonly #routing: ReadModel<Event>['routing'];
  readonly #maxListed: number;
  /** Parked data subjects by customer; known until one of them may have another customer. */
  #customers: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(rows: RowCache, routing: ReadModel<Event>['routing'], maxListed: number) {
    this.#rows = rows;
    this.#routing = routing;
    this.#maxListed = maxListed;
  }

  /** Names what tells whether events wait. */
  prefetch(events: readonly Event[], wish: Prefetch): void {
    const subjects = wish.row(parkingTable, 'parked')?.subjects ?? 0;
    if (subjects === 0) return;
    if (subjects <= this.#maxListed) wish.list(parkedTable, 'list', 'parked');
    const rows: Pick<Rows, 'get'> = { get: (table, ...key) => wish.row(table, ...key) };
    for (const { subject } of events) this.customerOf(subject, rows);
  }

  /** Whether events of this data subject wait: its own, or another one's of its customer. */
  holds(subject: string): boolean {
    if (this.#totals.subjects === 0) return false;
    const customer = this.#routing.customerOf(subject, this.#rows);
    return this.#isListed ? this.#parked().has(customer) : this.#lookUp(customer).length > 0;
  }

  /** Parked data subjects that belong to one customer now. */
  of(customer: string): readonly ParkedRow[] {
    if (this.#totals.subjects === 0) return [];
    if (!this.#isListed) return this.#lookUp(customer);
    const subjects = this.#parked().get(customer) ?? [];
    return subjects.flatMap((subject) => this.#rows.get(parkedTable, subject) ?? []);
  }

  /** Parked data subjects that belong to the customers of some names, customers' or data subjects'. */
  sharedBy(names: readonly string[]): readonly ParkedRow[] {
    const customers = new Set(names.map((name) => this.customerOf(name)));
    return [...customers].flatMap((customer) => this.of(customer));
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
      this.#count(0, 1);
      return;
    }
    this.#count(1, 1);
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
    const before = this.#rows.get(parkedTable, row.subject)?.waiting ?? 0;
    this.#count(row.waiting > 0 ? 0 : -1, row.waiting - before);
    if (row.waiting > 0) this.#rows.put(parkedTable, row);
    else this.#rows.delete(parkedTable, row.subject);
    this.#customers = undefined;
  }

  get #totals(): ParkingRow {
    return this.#rows.get(parkingTable, 'parked') ?? NOBODY;
  }

  get #isListed(): boolean {
    return this.#totals.subjects <= this.#maxListed;
  }

  #count(subjects: number, events: number): void {
    const totals = this.#totals;
    const row = {
      list: 'parked',
      subjects: totals.subjects + subjects,
      events: totals.events + events,
    } as const;
    if (row.subjects > 0) this.#rows.put(parkingTable, row);
    else this.#rows.delete(parkingTable, 'parked');
  }

  /** A parked data subject whose customer nobody can tell has its own name for one. */
  #lookUp(customer: string): readonly ParkedRow[] {
    const found: ParkedRow[] = [];
    askTogether(new Set([customer, ...this.#subjectsOf(customer)]), (subject) => {
      const row = this.#rows.get(parkedTable, subject);
      if (row !== undefined && this.customerOf(subject) === customer) found.push(row);
    });
    return found;
  }

  #subjectsOf(customer: string): readonly string[] {
    try {
      return this.#routing.subjectsOf(customer, this.#rows);
    } catch (failure) {
      if (failure instanceof RowsAsked) throw failure;
      return [];
    }
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
function askTogether<T>(items: Iterable<T>, look: (item: T) => void): void {
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
