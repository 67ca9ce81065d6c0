import type { Flaw } from '../input/flaw.ts';

/** One touchpoint to send, as JSON text, and where it comes from. */
export interface Entry {
  /** Numbers of the lines it was made of. */
  readonly lines: readonly number[];
  readonly json: string | Buffer;
}

/** What an input yields, in an order that is the same on every run: the place to resume at is a count of these. */
export type InputItem = Entry | Flaw;

/** A flaw found here, or a touchpoint that was refused, for the rejects file. */
export interface Reject {
  readonly lines: readonly number[];
  readonly code: string;
  readonly reasons: readonly string[];
  readonly source?: string;
  readonly id?: string;
  /** Errors with JSON pointers, as intake names them. */
  readonly errors?: readonly unknown[];
  /** The touchpoint, or the values of the line. */
  readonly content?: unknown;
}
