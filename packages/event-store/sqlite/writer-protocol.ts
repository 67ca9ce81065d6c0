import type { EventStoreErrorCode } from '../errors.ts';
import type { ExpectedRevision } from '../event-store.ts';
import type { SqliteLimits } from './limits.ts';

/**
 * What the calling thread and the writer thread say to each other. Events travel as one array per column: arrays
 * of strings and numbers are what `postMessage` copies fastest (0.2 µs an event, a third of what objects cost). Their
 * documents are handed over as one piece of memory, which is not copied at all.
 */
export interface CommitGroup {
  /** The clock of the calling thread, milliseconds since the epoch. */
  readonly now: number;

  // One entry an append.
  readonly streams: string[];
  readonly expected: number[];
  readonly sizes: number[];

  // One entry an event, appends one after the other.
  readonly ids: string[];
  readonly types: string[];
  readonly fingerprints: string[];
  /** Bytes of each document. */
  readonly lengths: number[];
  /** The documents in UTF-8, one after the other. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The answer to a group whose transaction is on disk. */
export interface CommittedGroup {
  // One entry an event; 0 for events of rejected appends.
  readonly positions: number[];
  readonly versions: number[];

  /** Indexes of the events that were there already. */
  readonly repeats: number[];
  readonly rejections: GroupRejection[];
}

export type GroupRejection =
  | { readonly append: number; readonly reusedId: string }
  | { readonly append: number; readonly actual: number };

export interface WriterOptions {
  readonly file: string;
  readonly limits: SqliteLimits;
  /** The module the thread runs; another one only to see how a thread dies. */
  readonly module?: string;
}

export type WriterRequest =
  | { readonly kind: 'commit'; readonly group: CommitGroup }
  | { readonly kind: 'close' };

export type WriterReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'committed'; readonly group: CommittedGroup }
  | {
      readonly kind: 'failed' | 'checkpoint-failed';
      readonly code: EventStoreErrorCode;
      readonly message: string;
    };

/** Whoever turns groups into commits. Groups are committed in the order of the calls, each as one transaction. */
export interface GroupWriter {
  commit(group: CommitGroup): Promise<CommittedGroup>;
  close(): Promise<void>;
}

/** Expected versions as numbers: that of the last event, or one of these. */
export const ANY_VERSION = -2;
export const NO_VERSION = -1;

export function toVersion(expected: ExpectedRevision = 'any'): number {
  if (expected === 'any') return ANY_VERSION;
  return expected === 'no-stream' ? NO_VERSION : expected;
}

export function toActual(version: number): number | 'no-stream' {
  return version === NO_VERSION ? 'no-stream' : version;
}
