import type { StepStart } from '../generation.ts';
import type { StepPart } from '../step-parts.ts';
import type { Table } from '../table.ts';

export interface WriterSetup {
  readonly file: string;
  readonly tables: readonly Table<never>[];
  /** Size the file may grow to; unlimited when absent. */
  readonly maxFileBytes?: number;
}

/** A step comes as `begin`, its parts, and `end` or `abandon`: the thread never holds more than one part of it. */
export type WriterMessage =
  | { readonly kind: 'begin'; readonly start: StepStart }
  | { readonly kind: 'part'; readonly part: StepPart }
  | { readonly kind: 'abandon' };

export type WriterCall =
  /** Answered when the file and its tables are there. */
  | { readonly kind: 'open' }
  /** Answered with what became of the step, or with what went wrong in any of its parts. */
  | { readonly kind: 'end'; readonly to: bigint }
  | { readonly kind: 'finish-loading' }
  | { readonly kind: 'close' };

export type WriterRequest = WriterMessage | (WriterCall & { readonly id: number });

export type WriterReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
