import type { JsonValue } from '../table.ts';

/** What somebody asks for who posts a job of the kind `rebuild`. */
export type RebuildRequest = {
  readonly reason: string;
  /** Who asks. */
  readonly by: string;
  /** `auto`: when verified equal. `manual`: rests as `ready`, or as `differs`. `never`: verified, told, and dropped. */
  readonly promote: 'auto' | 'manual' | 'never';
  /** Left out where the projections have changed: then nothing is there to compare with. Default true. */
  readonly verify?: boolean;
  /** Events folded per second at most, so that live traffic keeps its latency; comparing takes rests, too. Without it, as fast as it goes. */
  readonly eventsPerSecond?: number;
  /** Only a program with these projections may do it; see `madeFor`. Without it, whichever comes first. */
  readonly madeFor?: string;
};

/** What the worker of a rebuild tells, at least every second. Positions are decimal strings. */
export type RebuildReport = {
  readonly generation: number;
  readonly position: string;
  /** Head of the log when last looked at. */
  readonly target: string;
  /** Events folded so far, and events up to the target; estimates where the log's positions have gaps. */
  readonly events: number;
  readonly total: number;
  /** 0 to 100, never 100 before everything up to the target is folded. */
  readonly percent: number;
  /** Events per second of late; 0 while it rests. */
  readonly rate: number;
  /** Seconds until the target is reached at this rate, `null` while there is none. */
  readonly eta: number | null;
  /** Memory of the worker's process. */
  readonly memoryBytes: number;
  /** Seconds spent working, over all workers. */
  readonly seconds: number;
  readonly verification: Verification | null;
  /** Why it failed. */
  readonly failure: string | null;
};

/** The live generation compared with the rebuilt one, at one position. */
export type Verification = {
  readonly position: string;
  readonly equal: boolean;
  readonly tables: readonly { readonly table: string; readonly equal: boolean }[];
  /** The first that differ, by table and key. At most `MAX_DIFFERENCES`. */
  readonly differences: readonly Difference[];
};

export type Difference = {
  readonly table: string;
  /** Personal values are masked. */
  readonly key: readonly JsonValue[];
  /** Columns that differ. */
  readonly columns: readonly string[];
  /** Rows with personal values masked; `null` where there is none. */
  readonly live: MaskedRow | null;
  readonly rebuilt: MaskedRow | null;
  /** Position of the first event that touches the row; `null` when none does. */
  readonly firstEvent: string | null;
};

export type MaskedRow = { readonly [column: string]: JsonValue };

export const MAX_DIFFERENCES = 20;

/** What a job of the kind `retry` or `repair` tells; its `subject` is the customer, or one of its data subjects. */
export type CustomerReport = {
  /** Events folded. */
  readonly folded: number;
  /** Events that still wait, and why the first of them does. */
  readonly waiting: number;
  readonly reason: string | null;
  /** Why rows of the past stay as they were told, until a rebuild is promoted; absent when they are exact. */
  readonly pastKept?: string;
};
