import { hash } from 'node:crypto';
import type { DeliveredMessage, TopicNeed } from '../messaging.ts';

/** What any client may send: bytes of any kind, and no key. */
export interface ForeignMessage {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

export interface StoredMessage extends DeliveredMessage {
  readonly partition: number;
}

/** The partitions of a topic, and whoever waits for more in them. Nothing is ever removed, not even by compaction. */
export class MemoryTopic {
  readonly need: TopicNeed;
  readonly partitions: readonly StoredMessage[][];
  #growth = Promise.withResolvers<void>();

  constructor(need: TopicNeed) {
    this.need = need;
    this.partitions = Array.from({ length: need.partitions }, () => []);
  }

  /** Resolves with the next message. */
  get growth(): Promise<void> {
    return this.#growth.promise;
  }

  append(messages: readonly ForeignMessage[]): void {
    for (const message of messages) {
      const partition = message.key === null ? 0 : this.#partitionOf(message.key);
      const stored = this.partitions[partition] ?? [];
      stored.push(storedMessage(message, partition, stored.length));
    }
    this.#growth.resolve();
    this.#growth = Promise.withResolvers<void>();
  }

  #partitionOf(key: string | Buffer): number {
    return Number.parseInt(hash('sha1', key).slice(0, 8), 16) % this.partitions.length;
  }
}

function storedMessage(
  { key, value, headers = {} }: ForeignMessage,
  partition: number,
  offset: number,
): StoredMessage {
  const named = Object.entries(headers).map(([name, content]) => [name, Buffer.from(content)] as const);
  return {
    partition,
    offset: String(offset),
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(named),
    timestamp: Date.now(),
  };
}
