/** Every queue, batch, retry and wait of the adapter. */
export interface KafkaLimits {
  /** How long a connection, its handshake included, may take to come about. */
  readonly maxConnectMs: number;
  /** How long a broker may take to answer one request. */
  readonly maxRequestMs: number;
  /** How long `check` and `ensureTopics` may take. */
  readonly maxAdminMs: number;
  /** How long `publish` waits, for earlier calls to its topic as well, before it fails with `messaging-timeout`. */
  readonly maxPublishMs: number;
  /** How long the broker is asked again to take what was handed over; then the producer is given up for a new one. */
  readonly maxSendMs: number;
  /** Calls of `publish` that wait for their turn at one topic. */
  readonly maxWaitingPublishes: number;
  /** Messages in one request. */
  readonly maxRequestMessages: number;
  /** Bytes of keys, values and headers in one request: below what a broker takes as one batch by default (1 MiB). */
  readonly maxRequestBytes: number;
  /** A larger message is refused before it is sent; brokers refuse smaller ones, according to their topics. */
  readonly maxMessageBytes: number;
  /** Messages handed to `handle` at once. */
  readonly maxBatchMessages: number;
  /** Bytes, as they travel, read at once of one partition (unless one message is larger), and of all of them. */
  readonly maxPartitionBytes: number;
  readonly maxFetchBytes: number;
  /** What a compressed batch may grow to when it is opened. */
  readonly maxInflatedBytes: number;
  /** Partitions of one consumer that are worked on at once. */
  readonly maxPartitionsAtOnce: number;
  /** How long the broker holds back an answer when nothing is new. */
  readonly maxIdleFetchMs: number;
  /** Without a sign of life for so long, the group takes a member for dead. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** How long members may take to finish their batches when the group shares out anew. */
  readonly rebalanceTimeoutMs: number;
  /** How long `handle` may work without calling `alive` before its partition is given up. */
  readonly maxSilentWorkMs: number;
  /** A consumer that neither reads nor works for so long is replaced. */
  readonly maxStandstillMs: number;
  /** Pauses before a batch is handed over again, and before a consumer that broke is replaced. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
  /** How long `close` waits for work at hand, and for the broker, each. */
  readonly maxCloseMs: number;
}

export const DEFAULT_LIMITS: KafkaLimits = {
  maxConnectMs: 5_000,
  maxRequestMs: 15_000,
  maxAdminMs: 15_000,
  maxPublishMs: 30_000,
  maxSendMs: 300_000,
  maxWaitingPublishes: 1_000,
  maxRequestMessages: 1_000,
  maxRequestBytes: 900_000,
  maxMessageBytes: 16 * 1_048_576,
  maxBatchMessages: 500,
  maxPartitionBytes: 1_048_576,
  maxFetchBytes: 8 * 1_048_576,
  maxInflatedBytes: 64 * 1_048_576,
  maxPartitionsAtOnce: 4,
  maxIdleFetchMs: 1_000,
  sessionTimeoutMs: 15_000,
  heartbeatMs: 2_000,
  rebalanceTimeoutMs: 60_000,
  maxSilentWorkMs: 300_000,
  maxStandstillMs: 120_000,
  minRetryMs: 200,
  maxRetryMs: 10_000,
  maxCloseMs: 30_000,
};
