import type { Table } from '../table.ts';
import type { SqliteValue } from './values.ts';

export interface WriterSetup {
  readonly file: string;
  readonly tables: readonly Table<never>[];
}

/** One table's share of a step. Rows are in column order; tokens, where the table has them, run parallel to them. */
export interface WriterChanges {
  readonly table: string;
  readonly puts: readonly (readonly SqliteValue[])[];
  readonly tokens: readonly string[];
  readonly deletes: readonly (readonly SqliteValue[])[];
}

export type WriterRequest =
  /** Answered when the file and its tables are there. */
  | { readonly id: number; readonly kind: 'open' }
  | {
      readonly id: number;
      readonly kind: 'commit';
      readonly from: bigint;
      readonly to: bigint;
      readonly changes: readonly WriterChanges[];
    }
  | { readonly id: number; readonly kind: 'finish-loading' }
  | { readonly id: number; readonly kind: 'close' };

export type WriterReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
