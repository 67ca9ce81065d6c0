import kafkajs, {
  type Message as KafkaMessage,
  type PartitionerArgs,
  type Producer,
  type RecordMetadata,
} from 'kafkajs';
import { MessagingError } from '../errors.ts';
import type { Message } from '../messaging.ts';
import { withDeadline } from './deadline.ts';
import { createClient, type KafkaClient, type KafkaSettings, retrying } from './kafka-client.ts';
import { partitionOfKey } from './key-partitioner.ts';

const { CompressionTypes } = kafkajs;
const ALL_REPLICAS = -1;
/** At a second each: outlasts the restart of a broker. Also what ends the attempts of a client whose gate is closed. */
const SEND_RETRIES = 30;

/**
 * A producer under one producer id: the broker knows repeats of the client's own retries by their sequence numbers, and
 * takes messages in order or not at all. After a failed send nobody knows which numbers the broker has seen; another batch
 * under the same numbers would be taken for a repeat and dropped. So a producer that has failed once `isSpent`.
 */
export class IdempotentProducer {
  readonly #client: KafkaClient;
  readonly #producer: Producer;
  readonly #settings: KafkaSettings;
  #isSpent = false;
  #underWay = 0;

  private constructor(settings: KafkaSettings) {
    this.#settings = settings;
    this.#client = createClient(settings, SEND_RETRIES);
    this.#producer = this.#client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => notedPartition,
      retry: retrying(SEND_RETRIES),
    });
  }

  static async open(settings: KafkaSettings): Promise<IdempotentProducer> {
    const producer = new IdempotentProducer(settings);
    const what = 'connecting a producer';
    try {
      await withDeadline(producer.#producer.connect(), { withinMs: settings.limits.maxAdminMs, what });
      return producer;
    } catch (failure) {
      await producer.close();
      throw failure;
    }
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Sends one request's worth, again and again until every in-sync replica has it. When it throws, this one is spent. */
  async send(topic: string, messages: readonly Message[]): Promise<void> {
    const records = messages.map(toRecord);
    this.#underWay += 1;
    try {
      const answers = await withDeadline(this.#hand(topic, records), {
        withinMs: this.#settings.limits.maxSendMs,
        what: 'sending messages',
      });
      this.#demandAll(records, new Set(answers.map(({ partition }) => partition)));
    } catch (failure) {
      this.#isSpent = true;
      throw failure;
    } finally {
      this.#underWay -= 1;
      if (this.#isSpent && this.#underWay === 0) this.#abandon();
    }
  }

  async close(): Promise<void> {
    this.#isSpent = true;
    const withinMs = this.#settings.limits.maxCloseMs;
    const disconnected = this.#producer.disconnect();
    await withDeadline(disconnected, { withinMs, what: 'closing a producer' }).catch(() => {});
    this.#client.gate.close();
  }

  #abandon(): void {
    this.#client.gate.close();
    this.#producer.disconnect().catch(() => {});
  }

  #hand(topic: string, messages: KafkaMessage[]): Promise<RecordMetadata[]> {
    const { address, limits } = this.#settings;
    return this.#producer.send({
      topic,
      messages,
      acks: ALL_REPLICAS,
      timeout: limits.maxRequestMs,
      compression: address.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
    });
  }

  /**
   * When a partition moves between two attempts to a broker that has answered already, kafkajs leaves it out of the second
   * and reports success. Its answer then lacks the partition.
   */
  #demandAll(records: readonly KafkaMessage[], answered: ReadonlySet<number>): void {
    const forgotten = records.some(({ partition = -1 }) => !answered.has(partition));
    if (forgotten) throw new MessagingError('messaging-unavailable', 'a partition was not acknowledged');
  }
}

function toRecord({ key, value, headers }: Message): KafkaMessage {
  return { key, value, ...(headers && { headers: { ...headers } }) };
}

/** Each message is told where the client puts it, at each attempt. */
function notedPartition(choice: PartitionerArgs): number {
  const partition = partitionOfKey(choice);
  choice.message.partition = partition;
  return partition;
}
