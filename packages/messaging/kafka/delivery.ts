import type { KafkaMessage } from 'kafkajs';
import type { DeliveredMessage } from '../messaging.ts';

export function delivered({ offset, key, value, headers = {}, timestamp }: KafkaMessage): DeliveredMessage {
  const named = Object.entries(headers).map(([name, content]) => [name, lastOf(content)] as const);
  return { offset, key, value, headers: Object.fromEntries(named), timestamp: Number(timestamp) };
}

type HeaderContent = NonNullable<KafkaMessage['headers']>[string];

function lastOf(content: HeaderContent): Buffer {
  const last = Array.isArray(content) ? content.at(-1) : content;
  return typeof last === 'string' ? Buffer.from(last) : (last ?? Buffer.alloc(0));
}

export function* slicesOf<Item>(items: readonly Item[], size: number): Generator<readonly [Item, ...Item[]]> {
  for (let at = 0; at < items.length; at += size) {
    const [first, ...rest] = items.slice(at, at + size);
    if (first !== undefined) yield [first, ...rest];
  }
}
