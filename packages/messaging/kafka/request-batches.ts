import type { Message } from '../messaging.ts';
import type { KafkaLimits } from './limits.ts';

/** Length, attributes, time and offset of a record, at most. */
const RECORD_OVERHEAD_BYTES = 32;

/** What a message weighs on its way, before compression, at most. */
export function bytesOf({ key, value, headers = {} }: Message): number {
  let bytes =
    RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value));
  for (const [name, content] of Object.entries(headers)) {
    bytes += RECORD_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(content);
  }
  return bytes;
}

/**
 * Splits messages, in order, into what one request takes. A broker measures a batch as a whole against the topic's largest
 * message, so many small messages at once would be refused as too large.
 */
export function* requestBatches(
  messages: readonly Message[],
  { maxRequestMessages, maxRequestBytes }: Pick<KafkaLimits, 'maxRequestMessages' | 'maxRequestBytes'>,
): Generator<readonly Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const weight = bytesOf(message);
    if (batch.length > 0 && (batch.length === maxRequestMessages || bytes + weight > maxRequestBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += weight;
  }
  if (batch.length > 0) yield batch;
}
