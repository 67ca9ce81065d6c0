import type { Message } from '@touchline/messaging';
import type { RelayLimits } from './limits.ts';

export type PieceLimits = Pick<RelayLimits, 'maxPublishMessages' | 'maxPublishBytes'>;

/** Messages in order, as they are handed to the broker. One larger than a piece may be is a piece of its own. */
export function* piecesOf(
  messages: readonly Message[],
  { maxPublishMessages, maxPublishBytes }: PieceLimits,
): Generator<readonly Message[]> {
  let [start, bytes] = [0, 0];
  for (const [index, message] of messages.entries()) {
    const size = sizeOf(message);
    const isFull = index - start === maxPublishMessages || bytes + size > maxPublishBytes;
    if (isFull && index > start) {
      yield messages.slice(start, index);
      [start, bytes] = [index, 0];
    }
    bytes += size;
  }
  if (start < messages.length) yield messages.slice(start);
}

/** Of what grows: values and headers. */
function sizeOf({ value, headers }: Message): number {
  let bytes = value === null ? 0 : Buffer.byteLength(value);
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name] ?? '');
  return bytes;
}
