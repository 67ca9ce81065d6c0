import { setTimeout as delay } from 'node:timers/promises';
import type { Consumption } from '../messaging.ts';
import type { MemoryTopic } from './memory-topic.ts';

const MAX_BATCH_MESSAGES = 100;
const RETRY_MS = 5;

/** Members that share the partitions of one topic, and how far they are. */
export class MemoryGroup {
  /** First offset of each partition that is not committed. */
  readonly committed: number[];
  readonly #topic: MemoryTopic;
  readonly #members: Consumption[] = [];
  #tenure = new AbortController();
  #work: Promise<unknown> = Promise.resolve();
  #changes: Promise<void> = Promise.resolve();

  constructor(topic: MemoryTopic, from: Consumption['from']) {
    this.#topic = topic;
    this.committed = topic.partitions.map(({ length }) => (from === 'latest' ? length : 0));
  }

  join(member: Consumption): Promise<void> {
    return this.#shareAnew(() => this.#members.push(member));
  }

  leave(member: Consumption): Promise<void> {
    return this.#shareAnew(() => this.#members.splice(this.#members.indexOf(member), 1));
  }

  /** Nothing more is handed over until somebody joins or leaves, or `resume` is called. */
  pause(): Promise<void> {
    this.#tenure.abort(new Error('the broker is gone'));
    return this.#work.then(() => {});
  }

  resume(): Promise<void> {
    return this.#shareAnew(() => {});
  }

  /** Everybody finishes the batch at hand before anybody begins under the new order. */
  #shareAnew(change: () => void): Promise<void> {
    this.#changes = this.#changes.then(async () => {
      this.#tenure.abort(new Error('the group shares out its partitions anew'));
      await this.#work;
      change();
      this.#tenure = new AbortController();
      const { signal } = this.#tenure;
      this.#work = Promise.all(this.#topic.partitions.map((_, partition) => this.#read(partition, signal)));
    });
    return this.#changes;
  }

  async #read(partition: number, signal: AbortSignal): Promise<void> {
    const member = this.#members[partition % this.#members.length];
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (member && !signal.aborted) {
      const growth = this.#topic.growth;
      if (!(await this.#handOver(partition, member, signal))) await Promise.race([growth, stopped]);
    }
  }

  /** Whether there was anything to hand over. */
  async #handOver(partition: number, member: Consumption, signal: AbortSignal): Promise<boolean> {
    const from = this.committed[partition] ?? 0;
    const messages = this.#topic.partitions[partition]?.slice(from, from + MAX_BATCH_MESSAGES) ?? [];
    if (messages.length === 0) return false;
    const { topic } = this.#topic.need;
    try {
      await member.handle({ topic, partition, messages, signal, alive: async () => {} });
      this.committed[partition] = from + messages.length;
    } catch (failure) {
      if (signal.aborted) return true;
      member.onFailure?.(failure);
      await delay(RETRY_MS);
    }
    return true;
  }
}
