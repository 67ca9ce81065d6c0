import { MessagingError } from '../errors.ts';
import type { Abortable, Message } from '../messaging.ts';
import { withDeadline } from './deadline.ts';
import { IdempotentProducer } from './idempotent-producer.ts';
import type { KafkaSettings } from './kafka-client.ts';
import { messagingError } from './kafka-errors.ts';
import { bytesOf, requestBatches } from './request-batches.ts';
import { TurnLine } from './turn-line.ts';

interface Call {
  readonly topic: string;
  readonly messages: readonly Message[];
  /** Nobody waits for it any more: what has not begun must not begin. */
  isAbandoned: boolean;
}

/** Throws `topic-missing` when there is no such topic. */
export type DemandTopic = (topic: string) => Promise<void>;

/**
 * Sends messages, one request at a time for each topic. When a caller stops waiting, by deadline or signal, the request under
 * way is not taken back: it may be stored at any moment. So the next call to that topic waits until its fate is known, and
 * what is published again comes after what was left behind, never before it.
 */
export class Publisher {
  readonly #settings: KafkaSettings;
  readonly #demandTopic: DemandTopic;
  readonly #lines = new Map<string, TurnLine>();
  readonly #known = new Set<string>();
  #producer: Promise<IdempotentProducer> | undefined;

  constructor(settings: KafkaSettings, demandTopic: DemandTopic) {
    this.#settings = settings;
    this.#demandTopic = demandTopic;
  }

  async publish(topic: string, messages: readonly Message[], { signal }: Abortable = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#refuseOversize(messages);
    const call: Call = { topic, messages, isAbandoned: false };
    const sent = this.#lineOf(topic).take(() => this.#send(call));
    const withinMs = this.#settings.limits.maxPublishMs;
    try {
      await withDeadline(sent, { withinMs, what: `publishing to ${topic}`, signal });
    } catch (failure) {
      call.isAbandoned = true;
      // It may be gone; the next call looks.
      this.#known.delete(topic);
      if (signal?.aborted && failure === signal.reason) throw failure;
      throw messagingError(failure, `publishing to ${topic}`);
    }
  }

  /** Waits for what is under way, up to `maxCloseMs`. */
  async close(): Promise<void> {
    const withinMs = this.#settings.limits.maxCloseMs;
    const lines = [...this.#lines.values()].map((line) => line.idle());
    await withDeadline(Promise.all(lines), { withinMs, what: 'closing' }).catch(() => {});
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.close();
  }

  async #send(call: Call): Promise<void> {
    if (!call.isAbandoned && !this.#known.has(call.topic)) {
      await this.#demandTopic(call.topic);
      this.#known.add(call.topic);
    }
    for (const batch of requestBatches(call.messages, this.#settings.limits)) {
      if (call.isAbandoned) return;
      await this.#sendBatch(call, batch);
    }
  }

  /** In halves where the topic takes less at once than we believed. */
  async #sendBatch(call: Call, batch: readonly Message[]): Promise<void> {
    const producer = await this.#readyProducer();
    try {
      await producer.send(call.topic, batch);
    } catch (failure) {
      const error = messagingError(failure, `publishing to ${call.topic}`);
      if (error.code !== 'message-too-large' || batch.length === 1) throw error;
      const middle = Math.ceil(batch.length / 2);
      for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
        if (!call.isAbandoned) await this.#sendBatch(call, half);
      }
    }
  }

  async #readyProducer(): Promise<IdempotentProducer> {
    const opened = this.#producer;
    const current = await opened?.catch(() => undefined);
    if (current && !current.isSpent) return current;
    // Several topics may find the same one spent: the first to come opens the next for all.
    if (this.#producer === opened) this.#producer = IdempotentProducer.open(this.#settings);
    return this.#producer ?? this.#readyProducer();
  }

  #lineOf(topic: string): TurnLine {
    let line = this.#lines.get(topic);
    if (line === undefined) {
      line = new TurnLine(this.#settings.limits.maxWaitingPublishes);
      this.#lines.set(topic, line);
    }
    return line;
  }

  #refuseOversize(messages: readonly Message[]): void {
    const { maxMessageBytes } = this.#settings.limits;
    const index = messages.findIndex((message) => bytesOf(message) > maxMessageBytes);
    if (index < 0) return;
    const which = `message ${index} of ${messages.length}`;
    throw new MessagingError('message-too-large', `${which} is larger than ${maxMessageBytes} bytes`);
  }
}
