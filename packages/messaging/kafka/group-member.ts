import type { Consumer } from 'kafkajs';
import { MessagingError } from '../errors.ts';
import type { Consumption } from '../messaging.ts';
import { BatchWork } from './batch-work.ts';
import { withDeadline } from './deadline.ts';
import { createClient, type KafkaClient, type KafkaSettings, retrying } from './kafka-client.ts';
import { messagingError } from './kafka-errors.ts';

const RETRIES = 10;
const LOOKS_PER_STANDSTILL = 4;

/** One life of a consumer in its group: from joining until it is closed or breaks. It never starts itself anew. */
export class GroupMember {
  readonly #client: KafkaClient;
  readonly #consumer: Consumer;
  readonly #settings: KafkaSettings;
  readonly #consumption: Consumption;
  readonly #work: BatchWork;
  readonly #broken = Promise.withResolvers<never>();
  readonly #reading = Promise.withResolvers<void>();
  #lastSign = performance.now();
  #watch: NodeJS.Timeout | undefined;

  constructor(settings: KafkaSettings, consumption: Consumption) {
    this.#settings = settings;
    this.#consumption = consumption;
    this.#client = createClient(settings);
    this.#work = new BatchWork(consumption, settings.limits);
    this.#consumer = this.#createConsumer();
    this.#broken.promise.catch(() => {});
  }

  /** Resolves when it has begun to read; from then on nothing new is missed. */
  get reading(): Promise<void> {
    return this.#reading.promise;
  }

  /** Never resolves; throws when the consumer has broken. */
  async run(): Promise<never> {
    this.#listen();
    const { topic, from, group } = this.#consumption;
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [topic], fromBeginning: from === 'earliest' });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#settings.limits.maxPartitionsAtOnce,
        eachBatch: this.#work.eachBatch,
      });
      return await this.#broken.promise;
    } catch (failure) {
      throw messagingError(failure, `reading ${topic} as ${group}`);
    }
  }

  /** Lets `handle` finish the batch at hand, tells the group, lets go of the connections. Each within `maxCloseMs`. */
  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#work.end(new MessagingError('messaging-closed', 'the consumer closes'));
    const withinMs = this.#settings.limits.maxCloseMs;
    const left = this.#consumer.disconnect();
    await withDeadline(left, { withinMs, what: 'leaving the group' }).catch(() => {});
    this.#client.gate.close();
  }

  #createConsumer(): Consumer {
    const { limits } = this.#settings;
    return this.#client.kafka.consumer({
      groupId: this.#consumption.group,
      sessionTimeout: limits.sessionTimeoutMs,
      heartbeatInterval: limits.heartbeatMs,
      rebalanceTimeout: limits.rebalanceTimeoutMs,
      maxWaitTimeInMs: limits.maxIdleFetchMs,
      maxBytesPerPartition: limits.maxPartitionBytes,
      maxBytes: limits.maxFetchBytes,
      allowAutoTopicCreation: false,
      retry: { ...retrying(RETRIES), restartOnFailure: async () => false },
    });
  }

  #listen(): void {
    const { CRASH, FETCH, GROUP_JOIN, HEARTBEAT } = this.#consumer.events;
    const sign = (): void => {
      this.#lastSign = performance.now();
    };
    this.#consumer.on(CRASH, ({ payload }) => this.#broken.reject(payload.error));
    this.#consumer.on(HEARTBEAT, sign);
    this.#consumer.on(GROUP_JOIN, () => {
      sign();
      this.#work.begin();
    });
    this.#consumer.on(FETCH, () => {
      sign();
      this.#reading.resolve();
    });
    this.#watch = setInterval(
      () => this.#lookForLife(),
      this.#settings.limits.maxStandstillMs / LOOKS_PER_STANDSTILL,
    );
  }

  /** The client has ways of standing still without saying so. */
  #lookForLife(): void {
    const { maxStandstillMs } = this.#settings.limits;
    if (this.#work.isBusy) this.#lastSign = performance.now();
    if (performance.now() - this.#lastSign < maxStandstillMs) return;
    const message = `it has not read anything for ${maxStandstillMs} ms`;
    this.#broken.reject(new MessagingError('messaging-unavailable', message));
  }
}
