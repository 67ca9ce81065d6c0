import { MessagingError } from '../errors.ts';
import type { Abortable, Consumption, Message, Messaging, RunningConsumer, TopicNeed } from '../messaging.ts';
import type { KafkaLogger } from './client-log.ts';
import { installCompression } from './compression.ts';
import { parseKafkaUrl } from './connection-string.ts';
import { KafkaAdmin } from './kafka-admin.ts';
import type { KafkaSettings } from './kafka-client.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { DEFAULT_LIMITS, type KafkaLimits } from './limits.ts';
import { Publisher } from './publisher.ts';
import { installRecordEncoder } from './record-encoding.ts';
import { tameRequestQueueTimer } from './request-queue-timer.ts';

export interface KafkaOptions {
  /** `kafka://host:port,host:port`, as `parseKafkaUrl` reads it. */
  readonly url: string;
  /** How brokers name us in their logs, quotas and metrics. */
  readonly clientId: string;
  /** Told of the client's warnings; without it they go nowhere. */
  readonly logger?: KafkaLogger;
  readonly limits?: Partial<KafkaLimits>;
}

/** Connects to nothing yet: the first call that needs a broker does. Throws `messaging-refused` for an unusable address. */
export function openKafka({ url, clientId, logger, limits }: KafkaOptions): Messaging {
  const settings = {
    address: parseKafkaUrl(url),
    clientId,
    logger,
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
  tameRequestQueueTimer();
  installRecordEncoder();
  installCompression(settings.limits);
  return new KafkaMessaging(settings);
}

class KafkaMessaging implements Messaging {
  readonly #settings: KafkaSettings;
  readonly #admin: KafkaAdmin;
  readonly #publisher: Publisher;
  readonly #consumers = new Set<KafkaConsumer>();
  #closing: Promise<void> | undefined;

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
    this.#admin = new KafkaAdmin(settings);
    this.#publisher = new Publisher(settings, (topic) => this.#admin.demandTopic(topic));
  }

  async ensureTopics(topics: readonly TopicNeed[], options?: Abortable): Promise<readonly string[]> {
    this.#demandOpen();
    return this.#admin.ensureTopics(topics, options);
  }

  async publish(topic: string, messages: readonly Message[], options?: Abortable): Promise<void> {
    this.#demandOpen();
    if (messages.length > 0) await this.#publisher.publish(topic, messages, options);
  }

  async consume(consumption: Consumption): Promise<RunningConsumer> {
    this.#demandOpen();
    const consumer = new KafkaConsumer(this.#settings, consumption);
    this.#consumers.add(consumer);
    await consumer.start();
    return {
      close: async () => {
        await consumer.close();
        this.#consumers.delete(consumer);
      },
    };
  }

  async check(options?: Abortable): Promise<void> {
    this.#demandOpen();
    await this.#admin.check(options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await this.#publisher.close();
    await this.#admin.close();
  }

  #demandOpen(): void {
    if (this.#closing) throw new MessagingError('messaging-closed', 'the way to the broker has been closed');
  }
}
