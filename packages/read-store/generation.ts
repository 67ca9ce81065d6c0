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

  /**
   * Rows by key and by index value, one answer per ask, in the order of the asks. May see a step that was handed to
   * `commit` but not yet confirmed, or not: the caller overlays its own changes.
   */
  load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]>;

  /**
   * Writes rows and moves the checkpoint from `step.from` to `step.to`, all or nothing. Answers `lost-race` and writes
   * nothing when the checkpoint is not at `step.from` any more: another projector was here.
   */
  commit(step: Step): Promise<'committed' | 'lost-race'>;

  /** Whether secondary indexes of append-only tables are still to be built. Nobody may read such a generation. */
  isLoading(): Promise<boolean>;

  /** Builds what a bulk load left out. Idempotent. */
  finishLoading(): Promise<void>;

  /** A digest of every table's rows in key order, by table name. Equal rows, equal digest, on every database. */
  digest(): Promise<ReadonlyMap<string, string>>;

  close(): Promise<void>;
}

/** Rows with one of `keys` (each in the order of `table.key`), or rows whose `column` equals `value`. */
export type Ask =
  | { readonly kind: 'row'; readonly table: Table<never>; readonly key: readonly KeyValue[] }
  | {
      readonly kind: 'list';
      readonly table: Table<never>;
      readonly column: string;
      readonly value: KeyValue;
    };

export interface Step {
  readonly from: bigint;
  readonly to: bigint;
  readonly changes: readonly TableChanges[];
}

export interface TableChanges {
  readonly table: Table<never>;
  readonly puts: readonly object[];
  readonly deletes: readonly (readonly KeyValue[])[];
}
