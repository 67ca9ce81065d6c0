import { hash } from 'node:crypto';
import type { DeliveredMessage, Message, TopicNeed } from '../messaging.ts';

/** The partitions of a topic, and whoever waits for more in them. Nothing is ever removed, not even by compaction. */
export class MemoryTopic {
  readonly need: TopicNeed;
  readonly partitions: readonly DeliveredMessage[][];
  #growth = Promise.withResolvers<void>();

  constructor(need: TopicNeed) {
    this.need = need;
    this.partitions = Array.from({ length: need.partitions }, () => []);
  }

  /** Resolves with the next message. */
  get growth(): Promise<void> {
    return this.#growth.promise;
  }

  append(messages: readonly Message[]): void {
    for (const message of messages) {
      const partition = this.partitions[this.#partitionOf(message.key)] ?? [];
      partition.push(delivered(message, partition.length));
    }
    this.#growth.resolve();
    this.#growth = Promise.withResolvers<void>();
  }

  #partitionOf(key: string): number {
    return Number.parseInt(hash('sha1', key).slice(0, 8), 16) % this.partitions.length;
  }
}

function delivered({ key, value, headers = {} }: Message, offset: number): DeliveredMessage {
  const named = Object.entries(headers).map(([name, content]) => [name, Buffer.from(content)] as const);
  return {
    offset: String(offset),
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(named),
    timestamp: Date.now(),
  };
}
