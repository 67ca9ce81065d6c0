/** Every queue, wait and retry of the adapter. */
export interface EventStoreDbLimits {
  /** Appends that are under way at once, each to a stream of its own. */
  readonly maxAppendsInFlight: number;
  /** Events waiting for their turn; an append that finds no room fails with `event-store-overloaded`. */
  readonly maxQueuedEvents: number;
  /** Characters of event data waiting for their turn. */
  readonly maxQueuedCharacters: number;
  /** How long an append may wait for its turn before it fails with `event-store-overloaded`. */
  readonly maxQueueMs: number;
  /** How long an append may take from its turn to its answer, looking for repeats and every retry included. */
  readonly maxAppendMs: number;
  /** How long a read of one page may take. */
  readonly maxReadMs: number;
  /** How many of the last events of its stream an event is held against to find that it is a repeat. */
  readonly maxScannedEvents: number;
  /** Ids of events kept in memory, over all streams, so that a stream is not looked through at every append. */
  readonly maxRememberedEvents: number;
  /** Pause before the first attempt to resume a subscription; it doubles with each attempt. */
  readonly resumePauseMs: number;
  /** Longest pause between two attempts to resume a subscription. */
  readonly maxResumePauseMs: number;
  /** How long a subscription may be without a server before it fails. */
  readonly maxOutageMs: number;
  /** How long the server may take to confirm a subscription. */
  readonly maxConfirmMs: number;
}

export const DEFAULT_LIMITS: EventStoreDbLimits = {
  maxAppendsInFlight: 64,
  maxQueuedEvents: 20_000,
  maxQueuedCharacters: 64 * 1_048_576,
  maxQueueMs: 30_000,
  maxAppendMs: 10_000,
  maxReadMs: 30_000,
  maxScannedEvents: 4_096,
  maxRememberedEvents: 50_000,
  resumePauseMs: 100,
  maxResumePauseMs: 5_000,
  maxOutageMs: 60_000,
  maxConfirmMs: 10_000,
};
