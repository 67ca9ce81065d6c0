import type { Admin } from 'kafkajs';
import type { Abortable, TopicNeed } from '../messaging.ts';
import { withDeadline } from './deadline.ts';
import { createClient, type KafkaClient, type KafkaSettings } from './kafka-client.ts';
import { messagingError } from './kafka-errors.ts';
import { demandTopic, ensureTopics } from './topics.ts';

interface Connected extends KafkaClient {
  readonly admin: Admin;
}

/** Asks brokers about themselves and their topics, on a connection that is kept as long as it works. */
export class KafkaAdmin {
  readonly #settings: KafkaSettings;
  #connected: Promise<Connected> | undefined;

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
  }

  check(options?: Abortable): Promise<void> {
    return this.#ask('asking the broker', options, async (admin) => {
      await admin.describeCluster();
    });
  }

  ensureTopics(needs: readonly TopicNeed[], options?: Abortable): Promise<readonly string[]> {
    return this.#ask('making topics', options, (admin) => ensureTopics(admin, needs));
  }

  demandTopic(topic: string): Promise<void> {
    return this.#ask(`looking for topic ${topic}`, {}, (admin) => demandTopic(admin, topic));
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    if (connected) await this.#disconnect(connected);
  }

  async #ask<Answer>(
    what: string,
    { signal }: Abortable = {},
    question: (admin: Admin) => Promise<Answer>,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    this.#connected ??= this.#connect();
    const connected = this.#connected;
    const answer = connected.then(({ admin }) => question(admin));
    try {
      return await withDeadline(answer, { withinMs: this.#settings.limits.maxAdminMs, what, signal });
    } catch (failure) {
      if (signal?.aborted && failure === signal.reason) throw failure;
      const error = messagingError(failure, what);
      if (error.isRetryable) this.#giveUp(connected);
      throw error;
    }
  }

  async #connect(): Promise<Connected> {
    const client = createClient(this.#settings);
    const admin = client.kafka.admin();
    try {
      await admin.connect();
      return { ...client, admin };
    } catch (failure) {
      client.gate.close();
      throw failure;
    }
  }

  #giveUp(connected: Promise<Connected>): void {
    if (this.#connected === connected) this.#connected = undefined;
    connected.then((one) => this.#disconnect(one)).catch(() => {});
  }

  async #disconnect({ admin, gate }: Connected): Promise<void> {
    const withinMs = this.#settings.limits.maxCloseMs;
    await withDeadline(admin.disconnect(), { withinMs, what: 'disconnecting' }).catch(() => {});
    gate.close();
  }
}
