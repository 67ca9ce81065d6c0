import { isUtf8 } from 'node:buffer';
import type { DeliveredBatch, DeliveredMessage, Message } from '@touchline/messaging';
import type { Rejection, RejectionError } from './rejection.ts';

const MAX_DETAIL_CHARACTERS = 500;

/**
 * The message as it came, key, value and headers untouched, with the problem in further headers. What a port of texts cannot
 * carry (a key or header that is not UTF-8, no key at all) stands in a header of its own, in base64.
 */
export function rejectedMessage(
  { message, rejection }: { readonly message: DeliveredMessage; readonly rejection: Rejection },
  { topic, partition }: Pick<DeliveredBatch, 'topic' | 'partition'>,
  maxErrorsBytes: number,
): Message {
  const { key, value, headers, offset } = message;
  const { code, detail, errors } = rejection;
  return {
    key: key?.toString('utf8') ?? '',
    value,
    headers: {
      ...textHeaders(headers),
      ...keyHeader(key),
      'touchline-problem-code': code,
      'touchline-problem-detail': detail.slice(0, MAX_DETAIL_CHARACTERS),
      'touchline-problem-errors': errorsWithin(errors, maxErrorsBytes),
      'touchline-problem-error-count': String(errors.length),
      'touchline-original-place': `${topic}/${partition}/${offset}`,
    },
  };
}

/** In place of one the broker finds too large: the original can still be read where it came in, for as long as it is kept. */
export function withoutValue(message: Message): Message {
  const bytes = message.value === null ? 0 : Buffer.byteLength(message.value);
  return {
    ...message,
    value: null,
    headers: { ...message.headers, 'touchline-original-bytes': String(bytes) },
  };
}

/** Whole errors, as many as fit. */
function errorsWithin(errors: readonly RejectionError[], maxBytes: number): string {
  const texts: string[] = [];
  let bytes = 2;
  for (const error of errors) {
    const text = JSON.stringify(error);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > maxBytes) break;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
}

function textHeaders(headers: DeliveredMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) =>
      isUtf8(value) ? [name, value.toString('utf8')] : [`${name}-base64`, value.toString('base64')],
    ),
  );
}

function keyHeader(key: Buffer | null): Record<string, string> {
  if (key === null) return { 'touchline-original-key': 'none' };
  return isUtf8(key) ? {} : { 'touchline-original-key-base64': key.toString('base64') };
}
