import type { Cell } from '../generation.ts';
import type { KeyValue } from '../projection.ts';
import type { Table } from '../table.ts';

export interface WriterSetup {
  readonly file: string;
  readonly tables: readonly Table<never>[];
  /** Size the file may grow to; unlimited when absent. */
  readonly maxFileBytes?: number;
}

/** One table's share of a step: rows and keys laid out flat, which crosses to the thread at half the price of lists in lists. */
export interface WriterChanges {
  readonly table: string;
  readonly cells: readonly Cell[];
  readonly deletes: readonly KeyValue[];
}

export type WriterRequest =
  /** Answered when the file and its tables are there. */
  | { readonly id: number; readonly kind: 'open' }
  | {
      readonly id: number;
      readonly kind: 'commit';
      readonly from: bigint;
      readonly to: bigint;
      readonly steps: number;
      readonly changes: readonly WriterChanges[];
    }
  | { readonly id: number; readonly kind: 'finish-loading' }
  | { readonly id: number; readonly kind: 'close' };

export type WriterReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
