import type { Records, Rewriting } from './retelling.ts';
import type { Table } from './table.ts';

/** What the engine needs to know of an event; everything else is between the source and the projections. */
export interface Foldable {
  readonly position: bigint;
  /** The data subject the event belongs to. */
  readonly subject: string;
  /** Version in the data subject's stream. */
  readonly version: number;
  /** When the log recorded it, milliseconds since the epoch. */
  readonly recordedAt: number;
  /** Why not all of it could be read; read again, it may tell more. */
  readonly damage?: string;
}

/**
 * A named fold and its tables. Pure: the same events in the same order give the same rows, whatever the batches,
 * the database and the day. No clock, no randomness, no I/O, no memory of its own between calls.
 */
export interface Projection<Event extends Foldable> {
  readonly name: string;
  /** A change of meaning or tables is a new version. */
  readonly version: number;
  readonly tables: readonly Table<never>[];
  /**
   * Names rows the batch will surely ask for. Only for speed: what is missing is fetched when `fold` asks, one row at a
   * time, and an event that asks 10,000 times parks its customer. May answer the events whose rows lead to further rows:
   * only these come again, when `prefetchDepth` says so; without an answer all of them do.
   */
  prefetch?(events: readonly Event[], wish: Prefetch): readonly Foldable[] | undefined;
  /** How often `prefetch` is called for a batch, while rows it is answered name further rows. Default 1. */
  readonly prefetchDepth?: number;
  /**
   * Applies one event. Synchronous. May be called again for the same event after its changes were taken back, when it
   * asked for rows that were not in memory yet. Throwing takes its changes back and parks the customer.
   */
  fold(event: Event, rows: Rows): void;
}

/**
 * The projection that says whose event it is. Folds first; the others see its rows. It also folds the events of
 * parked customers, and folds them again when they are retried: folding an event twice must change nothing.
 */
export interface Routing<Event extends Foldable> extends Projection<Event> {
  /**
   * Folds an event of a parked customer that is retried: later events may have been folded already, and it may have been
   * folded itself, though perhaps not in full. Without it `fold` does.
   */
  foldLate?(event: Event, rows: Rows): void;
  /**
   * What is to be written so that its rows are as if whatever waits of some data subjects had been read in full when it came.
   * Before a retry. Throws `repair-refused` where that cannot be told within bounds: then `foldLate` has to do.
   */
  foldAnew?(subjects: readonly string[], records: Records<Event>): Promise<readonly Rewriting[]>;
  /** The customer a data subject belongs to now. Customers are what is parked. */
  customerOf(subject: string, rows: Pick<Rows, 'get'>): string;
  /** The data subjects that belong to a customer now. */
  subjectsOf(customer: string, rows: Pick<Rows, 'get' | 'list'>): readonly string[];
}

/** Projections folded together from one checkpoint. */
export interface ReadModel<Event extends Foldable> {
  readonly name: string;
  readonly routing: Routing<Event>;
  readonly projections: readonly Projection<Event>[];
  /**
   * Id of an event, where the log may hold one more than once: then the first one in the log is folded, and every later
   * one is dropped with a row of `repeatedTable` that says so. Absent where the log holds an id once: then nothing is
   * looked up or kept, and there is no table for it.
   */
  idOf?(event: Event): string;
}

export type KeyValue = string | number;

/** Rows as the fold sees them: everything before this event, and what this event did so far. Rows are frozen in meaning: replace, never mutate. */
export interface Rows {
  /** The row with this key (values in the order of `table.key`). Not for append-only tables. */
  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined;
  /** Every row whose first column of a secondary index equals `value`, ordered by key. Not for append-only tables. */
  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[];
  /** Inserts, or replaces the row with the same key. On an append-only table: inserts; the key must be new. */
  put<Row extends object>(table: Table<Row>, row: Row): void;
  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void;
  /** Only for speed; absent where nothing is remembered. */
  readonly facts?: KnownFacts | undefined;
}

/**
 * What was read from rows and no fold makes untrue, each with a number, for later events: forgotten at any time, with the rows
 * whenever memory and database part, and what an event noted when its changes are taken back.
 */
export interface KnownFacts {
  get(fact: string): number | undefined;
  set(fact: string, value: number): void;
}

/** Names rows. What is in memory already is answered, so that one row may lead to the next; see `prefetchDepth`. */
export interface Prefetch {
  /** The row; `undefined` when it does not exist or is not in memory yet. */
  row<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined;
  /** The rows; `undefined` when they are not in memory yet. */
  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[] | undefined;
  readonly facts: Pick<KnownFacts, 'get'>;
}
