import { setTimeout as delay } from 'node:timers/promises';
import { MessagingError } from '../errors.ts';
import type { Abortable, Consumption, Message, Messaging, RunningConsumer, TopicNeed } from '../messaging.ts';
import type { MemoryBroker } from './memory-broker.ts';
import type { MemoryGroup } from './memory-group.ts';

const RETRY_MS = 5;

/** The port without a broker, for tests of what uses it. It keeps the contract, and everything in memory. */
export class MemoryMessaging implements Messaging {
  readonly #broker: MemoryBroker;
  readonly #consumers = new Set<RunningConsumer>();
  readonly #publishing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async ensureTopics(topics: readonly TopicNeed[], options?: Abortable): Promise<readonly string[]> {
    this.#demandOpen(options);
    return topics.filter((need) => this.#broker.ensureTopic(need)).map(({ topic }) => topic);
  }

  async publish(topic: string, messages: readonly Message[], options?: Abortable): Promise<void> {
    this.#demandOpen(options);
    const published = this.#append(topic, messages, options);
    this.#publishing.add(published);
    await published.finally(() => this.#publishing.delete(published));
  }

  async consume(consumption: Consumption): Promise<RunningConsumer> {
    this.#demandOpen({}, { evenAway: true });
    const member = new MemoryMember(this.#broker, consumption);
    this.#consumers.add(member);
    await member.start();
    return member;
  }

  async check(options?: Abortable): Promise<void> {
    this.#demandOpen(options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.allSettled(this.#publishing);
  }

  /** As on a real broker, the answer comes later, and may no longer be wanted. */
  async #append(topic: string, messages: readonly Message[], { signal }: Abortable = {}): Promise<void> {
    const target = this.#broker.topic(topic);
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    await this.#broker.trouble.store(target, messages, signal);
  }

  #demandOpen({ signal }: Abortable = {}, { evenAway = false } = {}): void {
    if (this.#isClosed) throw new MessagingError('messaging-closed', 'the way to the broker has been closed');
    signal?.throwIfAborted();
    if (!evenAway) this.#broker.demandUp();
  }
}

/** One consumer; it goes on asking for its topic until there is one. */
class MemoryMember implements RunningConsumer {
  readonly #broker: MemoryBroker;
  readonly #consumption: Consumption;
  readonly #stop = new AbortController();
  #joining: Promise<MemoryGroup | undefined> | undefined;
  #leaving: Promise<void> | undefined;

  constructor(broker: MemoryBroker, consumption: Consumption) {
    this.#broker = broker;
    this.#consumption = consumption;
  }

  async start(): Promise<void> {
    const attempted = Promise.withResolvers<void>();
    this.#joining = this.#join(attempted.resolve);
    await attempted.promise;
  }

  close(): Promise<void> {
    this.#stop.abort();
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  async #leave(): Promise<void> {
    const group = await this.#joining;
    await group?.leave(this.#consumption);
  }

  async #join(attempted: () => void): Promise<MemoryGroup | undefined> {
    while (!this.#stop.signal.aborted) {
      try {
        const group = this.#broker.group(this.#consumption);
        await group.join(this.#consumption);
        return group;
      } catch (failure) {
        this.#consumption.onFailure?.(failure);
        attempted();
        await delay(RETRY_MS);
      } finally {
        attempted();
      }
    }
    return undefined;
  }
}
