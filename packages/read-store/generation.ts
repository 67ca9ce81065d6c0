import type { KeyValue } from './projection.ts';
import type { Table } from './table.ts';

/**
 * One numbered copy of a read model in a database. The port every adapter implements. Rows and checkpoint change in
 * one transaction or not at all.
 */
export interface Generation {
  readonly number: number;

  /** Position of the last event whose rows are in; 0n before the first. */
  checkpoint(): Promise<bigint>;

  /** The checkpoint, and how many steps were committed before. */
  standing(): Promise<Standing>;

  /**
   * Rows by key and by index value, one answer per ask, in the order of the asks. May see a step that was handed to
   * `commit` and is not answered yet, or not: the caller overlays its own changes.
   */
  load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]>;

  /**
   * Writes rows and moves the checkpoint from `step.from` to `step.to`, all or nothing. Answers `lost-race` and writes
   * nothing when the checkpoint is not at `step.from`, or another step than the one before was the last: another projector
   * was here. Throws `row-refused` and writes nothing when a row does not fit its table: then one event is to blame, not
   * the database.
   */
  commit(step: Step): Promise<'committed' | 'lost-race'>;

  /**
   * Takes rows of the step that is handed to `commit` next, so that the caller need not hold them until then. They are written with that
   * step, or not at all. Of append-only tables only. Absent where nothing is gained by it.
   */
  stage?(next: StepStart, changes: readonly TableChanges[]): void;

  /** Forgets what was staged for a step that will not come. */
  unstage?(): void;

  /** Whether secondary indexes of append-only tables are still to be built. Nobody may read such a generation. */
  isLoading(): Promise<boolean>;

  /** Builds what a bulk load left out. Idempotent. */
  finishLoading(): Promise<void>;

  /** A digest of every table's rows in key order, by table name. Equal rows, equal digest, on every database. */
  digest(): Promise<ReadonlyMap<string, string>>;

  /** Runs `work` on the rows of one moment, whatever is committed meanwhile. */
  frozen<T>(work: (rows: FrozenRows) => Promise<T>): Promise<T>;

  close(): Promise<void>;
}

export interface DigestOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Waited for every so many rows. */
  readonly rest?: () => Promise<void>;
}

/** Rows of one moment, to be compared with those of another generation. Of no use after the work they were given to. */
export interface FrozenRows {
  readonly position: bigint;
  /** See `Generation.digest`. Takes as long as the tables are large, and leaves the thread to others meanwhile. */
  digest(options?: DigestOptions): Promise<ReadonlyMap<string, string>>;
  /** Rows in key order (text by Unicode code point), after the row with the key `after`. Words read as `null`. */
  page(
    table: Table<never>,
    options: { readonly after?: readonly KeyValue[]; readonly limit: number },
  ): Promise<readonly object[]>;
  /** Words of a table with the tally of the rows each stands in, by word (by Unicode code point), after the word `after`. */
  words(
    table: Table<never>,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<readonly WordTally[]>;
  /** Keys of the rows that hold a word, in order, after the key `after`. */
  holding(
    table: Table<never>,
    word: string,
    options: { readonly after?: number; readonly limit: number },
  ): Promise<readonly number[]>;
}

/** A word and what the keys of the rows that hold it add up to; see `tallyOf`. */
export type WordTally = readonly [word: string, tally: string];

/** Rows with one of `keys` (each in the order of `table.key`), or rows whose `column` equals `value`. */
export type Ask =
  | { readonly kind: 'row'; readonly table: Table<never>; readonly key: readonly KeyValue[] }
  | {
      readonly kind: 'list';
      readonly table: Table<never>;
      readonly column: string;
      readonly value: KeyValue;
    };

export interface Standing {
  readonly position: bigint;
  /** Steps committed so far. Some move the position nowhere: folding what was parked changes rows only. */
  readonly steps: number;
}

/** Where a step begins. */
export interface StepStart {
  readonly from: bigint;
  /** Steps committed before this one. */
  readonly steps: number;
}

export interface Step extends StepStart {
  readonly to: bigint;
  readonly changes: readonly TableChanges[];
}

export interface TableChanges {
  readonly table: Table<never>;
  /**
   * Whole rows to insert or replace, each key once, one row after the other, each in the order of `table.columns`. JSON is
   * text, as `JSON.stringify` makes it. Null in a `tokens` column keeps the words the row has.
   */
  readonly cells: readonly Cell[];
  /** Keys of rows to delete. */
  readonly deletes: readonly (readonly KeyValue[])[];
  /** Rows of an append-only table may be there already, and are replaced. Words of rows that are deleted stay where they are. */
  readonly replaces?: boolean;
}

export type Cell = string | number | null;
