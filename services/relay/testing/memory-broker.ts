import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { type DeliveredMessage, type Message, type Messaging, MessagingError } from '@touchline/messaging';
import { MemoryGroup } from './memory-group.ts';

const PARTITIONS = 4;

/** What happens to a call of `publish`: it fails before or after the broker stored what it holds. */
export type PublishFault = 'refused' | 'acknowledgement-lost' | 'too-large';

export interface StoredMessage extends DeliveredMessage {
  readonly partition: number;
}

/** A broker in memory: topics with partitions, groups with offsets, failures as the test orders them. */
export class MemoryBroker {
  /** Faults of the next calls of `publish`, first one first; of one topic when it is named. */
  readonly faults: { readonly fault: PublishFault; readonly topic?: string }[] = [];
  /** Nobody is reached while it is down. */
  isDown = false;
  maxMessageBytes = Number.POSITIVE_INFINITY;
  calls = 0;
  /** Awaited before each call of `publish` is answered. */
  beforeAnswer: () => Promise<void> = async () => {};
  readonly #topics = new Map<string, StoredMessage[][]>();
  readonly #groups = new Map<string, MemoryGroup>();

  /** A connection of its own, as each process has one. */
  connect(): Messaging {
    const open = { isClosed: false };
    const assertOpen = () => {
      if (open.isClosed) throw new MessagingError('messaging-closed', 'closed');
      if (this.isDown) throw new MessagingError('messaging-unavailable', 'down');
    };
    return {
      ensureTopics: async (topics) => {
        assertOpen();
        const made = topics.map(({ topic }) => topic).filter((topic) => !this.#topics.has(topic));
        for (const topic of made) this.#partitionsOf(topic);
        return made;
      },
      publish: async (topic, messages, { signal } = {}) => {
        await eventLoopTurn();
        signal?.throwIfAborted();
        assertOpen();
        await this.#publish(topic, messages, signal);
      },
      consume: async (consumption) => {
        assertOpen();
        const { topic, group } = consumption;
        const key = `${group} ${topic}`;
        const joined = this.#groups.get(key) ?? new MemoryGroup(this.#partitionsOf(topic));
        this.#groups.set(key, joined);
        return joined.join(consumption);
      },
      check: async () => assertOpen(),
      close: async () => {
        open.isClosed = true;
      },
    };
  }

  /** Of every partition, one after the other: in order for each key. */
  messages(topic: string): readonly StoredMessage[] {
    return this.#partitionsOf(topic).flat();
  }

  /** Last value of each key, as a compacted topic keeps it. */
  compacted(topic: string): ReadonlyMap<string, string> {
    const kept = new Map<string, string>();
    for (const { key, value } of this.messages(topic)) {
      if (value === null) kept.delete(String(key));
      else kept.set(String(key), value.toString());
    }
    return kept;
  }

  /** As a foreign producer does, with bytes of any kind. */
  produce(
    topic: string,
    value: Buffer | string | null,
    {
      key = null,
      headers = {},
    }: { key?: Buffer | string | null; headers?: Record<string, Buffer | string> } = {},
  ): void {
    const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]);
    this.#store(topic, key === null ? null : Buffer.from(key), {
      value: value === null ? null : Buffer.from(value),
      headers: Object.fromEntries(bytes),
    });
    for (const group of this.#groups.values()) group.wake();
  }

  /** First offset of each partition that the group has not committed. */
  committed(group: string, topic: string): readonly number[] {
    return this.#groups.get(`${group} ${topic}`)?.committed ?? [];
  }

  async #publish(topic: string, messages: readonly Message[], signal?: AbortSignal): Promise<void> {
    this.calls += 1;
    const at = this.faults.findIndex((ordered) => ordered.topic === undefined || ordered.topic === topic);
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    if (fault === 'refused') throw new MessagingError('messaging-unavailable', 'refused');
    const isTooLarge = messages.some(({ value }) => Buffer.byteLength(value ?? '') > this.maxMessageBytes);
    if (fault === 'too-large' || isTooLarge) throw new MessagingError('message-too-large', 'too large');
    for (const { key, value, headers = {} } of messages) this.produce(topic, value, { key, headers });
    await abortable(this.beforeAnswer(), signal);
    if (fault === 'acknowledgement-lost') throw new MessagingError('messaging-timeout', 'no acknowledgement');
  }

  #store(topic: string, key: Buffer | null, message: Pick<StoredMessage, 'value' | 'headers'>): void {
    const partitions = this.#partitionsOf(topic);
    const partition = key === null ? 0 : key.reduce((sum, byte) => sum * 31 + byte, 7) % PARTITIONS;
    const stored = partitions[partition];
    stored?.push({ ...message, key, partition, offset: String(stored.length), timestamp: 0 });
  }

  #partitionsOf(topic: string): StoredMessage[][] {
    const known = this.#topics.get(topic) ?? Array.from({ length: PARTITIONS }, () => []);
    this.#topics.set(topic, known);
    return known;
  }
}

function abortable(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}
