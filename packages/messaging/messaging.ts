/**
 * Messages between companies' systems and Touchline, through a broker with topics that are split into partitions. The port
 * every adapter implements and the contract suite (`@touchline/messaging/contract`) holds it to. It knows nothing of what
 * the messages mean.
 *
 * Guarantees:
 * - A message is durable on every in-sync replica when `publish` resolves. Messages with one key stay in the order given.
 * - Delivery is at least once both ways: what was published or delivered when something broke may come again, in order.
 */
export interface Messaging {
  /**
   * Sees to it that the topics are there, with at least what was asked for, and answers those it has made. One that is
   * there is left as it is. Throws `MessagingError`: `topic-missing` with what to create where the broker allows nobody
   * to make topics, `topic-unfit` where one lacks a property that correctness depends on (compaction).
   */
  ensureTopics(topics: readonly TopicNeed[], options?: Abortable): Promise<readonly string[]>;

  /**
   * Sends messages to one topic. All of them are acknowledged when it resolves. When it throws, some may have been stored
   * all the same: publish them all again, in the same order. Calls to one topic are not to overlap where order matters.
   */
  publish(topic: string, messages: readonly Message[], options?: Abortable): Promise<void>;

  /**
   * Joins a group that shares the partitions of a topic, and hands batches to `handle`, each of one partition, in offset
   * order, never two of one partition at once. Offsets are committed only after `handle` has resolved; when it throws, the
   * batch is handed over again after a pause. Reading stands still while `handle` works: that is the back-pressure.
   * Resolves when it reads, or when the first attempt has failed: then it goes on trying, and `onFailure` knows why.
   */
  consume(consumption: Consumption): Promise<RunningConsumer>;

  /** Whether a broker answers. Throws `MessagingError` when none does. */
  check(options?: Abortable): Promise<void>;

  /** Ends consumers after the batches at hand, waits for what is being published, then lets go of every connection. */
  close(): Promise<void>;
}

export interface Abortable {
  /** Stops waiting. What was handed over may still be stored. */
  readonly signal?: AbortSignal;
}

export interface Message {
  /** Messages with equal keys go to one partition, in order. */
  readonly key: string;
  /** `null` is a tombstone: on a compacted topic it removes what its key had before. */
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TopicNeed {
  readonly topic: string;
  /** Used when the topic is made. */
  readonly partitions: number;
  /** `compact` keeps the last message of each key for ever; a number keeps messages for so many milliseconds. */
  readonly retention: 'compact' | 'for-ever' | { readonly forMs: number };
}

export interface Consumption {
  readonly topic: string;
  readonly group: string;
  /** Where a group begins that has committed nothing yet. */
  readonly from: 'earliest' | 'latest';
  handle(batch: DeliveredBatch): Promise<void>;
  /** Told of each failure that is retried: what `handle` threw, or a `MessagingError`. */
  readonly onFailure?: (failure: unknown) => void;
}

export interface DeliveredBatch {
  readonly topic: string;
  readonly partition: number;
  /** Never empty. */
  readonly messages: readonly DeliveredMessage[];
  /** Aborted when the partition is about to be given to another member, or the consumer closes. */
  readonly signal: AbortSignal;
  /** To be called now and then by work that takes minutes, or the group takes this member for dead. Never throws. */
  alive(): Promise<void>;
}

export interface DeliveredMessage {
  /** Decimal. */
  readonly offset: string;
  readonly key: Buffer | null;
  /** As it came, byte for byte. */
  readonly value: Buffer | null;
  /** Of several headers with one name, the last. */
  readonly headers: Readonly<Record<string, Buffer>>;
  /** Milliseconds since the epoch, as producer or broker set it. */
  readonly timestamp: number;
}

export interface RunningConsumer {
  /** Leaves the group after the batch at hand. */
  close(): Promise<void>;
}
