/** Every queue and wait of the adapter. */
export interface SqliteLimits {
  /** Events in one commit, unless a single append brings more. */
  readonly maxCommitEvents: number;
  /** Characters of event data in one commit, unless a single append brings more. */
  readonly maxCommitCharacters: number;
  /** Events waiting for the writer; an append that finds no room fails with `event-store-overloaded`. */
  readonly maxQueuedEvents: number;
  /** Characters of event data waiting for the writer. */
  readonly maxQueuedCharacters: number;
  /** How long an append may wait for its turn before it fails with `event-store-overloaded`. */
  readonly maxQueueMs: number;
  /** How long a commit may wait for other processes before it fails with `event-store-busy`. */
  readonly maxLockWaitMs: number;
  /** How long `close` may wait for the writer once its last commit is answered. */
  readonly maxCloseMs: number;
  /** Size of the write-ahead log at which it is copied into the database file. */
  readonly checkpointBytes: number;
  /** Size of the write-ahead log at which the writer waits for readers in order to start it over. */
  readonly maxWalBytes: number;
  /** Quiet time after which the write-ahead log is copied however small it is. */
  readonly checkpointIdleMs: number;
  /** Names of streams each connection keeps in memory. */
  readonly maxCachedStreams: number;
  /** Longest pause between two looks for appends of other processes while a subscriber waits. */
  readonly maxPollMs: number;
}

export const DEFAULT_LIMITS: SqliteLimits = {
  maxCommitEvents: 2_000,
  maxCommitCharacters: 8 * 1_048_576,
  maxQueuedEvents: 50_000,
  maxQueuedCharacters: 64 * 1_048_576,
  maxQueueMs: 30_000,
  maxLockWaitMs: 5_000,
  maxCloseMs: 10_000,
  checkpointBytes: 16 * 1_048_576,
  maxWalBytes: 64 * 1_048_576,
  checkpointIdleMs: 1_000,
  maxCachedStreams: 50_000,
  maxPollMs: 20,
};
