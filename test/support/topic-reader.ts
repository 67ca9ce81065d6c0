import type { DeliveredMessage, Messaging, RunningConsumer } from '@touchline/messaging';
import { uniqueName } from './kafka.ts';
import { until } from './until.ts';

const WAIT_MS = 60_000;

export interface ReadMessage {
  readonly key: string;
  /** `null` is a tombstone. */
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a topic from its beginning, as another company's system would. Messages of one key are in the order they lie in. */
export class TopicReader {
  readonly messages: ReadMessage[] = [];
  readonly #consumer: RunningConsumer;

  private constructor(consumer: RunningConsumer, messages: ReadMessage[]) {
    this.#consumer = consumer;
    this.messages = messages;
  }

  /** A topic that is not there yet is waited for. `onMessage` is told of each that comes. */
  static async open(
    messaging: Messaging,
    topic: string,
    onMessage: (message: ReadMessage) => void = () => {},
  ): Promise<TopicReader> {
    const messages: ReadMessage[] = [];
    const handle = async (batch: { readonly messages: readonly DeliveredMessage[] }): Promise<void> => {
      for (const one of batch.messages.map(readable)) {
        messages.push(one);
        onMessage(one);
      }
    };
    const group = uniqueName('reader');
    return new TopicReader(await messaging.consume({ topic, group, from: 'earliest', handle }), messages);
  }

  /** Waits until one has come that is as wanted. */
  async find(
    wanted: (message: ReadMessage) => boolean,
    what: string,
    withinMs = WAIT_MS,
  ): Promise<ReadMessage> {
    await until(() => this.messages.some(wanted), what, withinMs);
    return this.messages.find(wanted) as ReadMessage;
  }

  close(): Promise<void> {
    return this.#consumer.close();
  }
}

function readable({ key, value, headers }: DeliveredMessage): ReadMessage {
  return {
    key: String(key),
    value: value === null ? null : String(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, content]) => [name, String(content)])),
  };
}

/** Of a touchpoint in structured mode. */
export function idOf({ value }: ReadMessage): string {
  return value === null ? '' : (JSON.parse(value) as { id: string }).id;
}

/** Keys whose messages did not first come in the order of their positions. Repeats are allowed. */
export function outOfOrder(messages: readonly ReadMessage[]): readonly string[] {
  const highest = new Map<string, bigint>();
  const seen = new Set<bigint>();
  const wrong = new Set<string>();
  for (const { key, headers } of messages) {
    const position = BigInt(headers['touchline-position'] ?? -1);
    if (seen.has(position)) continue;
    seen.add(position);
    if (position < (highest.get(key) ?? 0n)) wrong.add(key);
    highest.set(key, position);
  }
  return [...wrong];
}
