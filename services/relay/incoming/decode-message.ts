import { isUtf8 } from 'node:buffer';
import type { DeliveredMessage } from '@touchline/messaging';
import { readJson } from '@touchline/service-kit';
import type { RelayLimits } from '../limits.ts';
import { Rejection } from './rejection.ts';

const BATCH = /^application\/cloudevents-batch\+json\s*(?:;|$)/i;
const STRUCTURED = /^application\/(?:cloudevents\+)?json\s*(?:;|$)/i;
const ANY_JSON = /^application\/(?:[a-z0-9!#$&^_.-]+\+)?json\s*(?:;|$)/i;
const PLAIN_JSON = /^application\/json\s*(?:;|$)/i;
const PREFIX = 'ce_';

/** The events of a message, which are still to be examined. */
export interface Decoded {
  readonly events: readonly unknown[];
  /** Several in one message. */
  readonly isBatch: boolean;
}

type DecodeLimits = Pick<RelayLimits, 'maxTouchpointBytes' | 'maxBatchBytes' | 'maxBatchItems'>;

/**
 * Reads a message by its content mode (CloudEvents Kafka protocol binding 1.0, section 3). Without a content type it is taken
 * for one event in structured mode, unless its headers hold the attributes.
 */
export function decodeMessage(message: DeliveredMessage, limits: DecodeLimits): Decoded | Rejection {
  const { value, headers } = message;
  if (value === null) return new Rejection('invalid-request', 'The message has no value.');
  const contentType = textIn(headers['content-type']) ?? '';
  if (BATCH.test(contentType)) return decodeBatch(value, limits);
  if (value.length > limits.maxTouchpointBytes)
    return new Rejection(
      'touchpoint-too-large',
      `The event has more than ${limits.maxTouchpointBytes} bytes.`,
    );
  const isBinary = isInHeaders(headers) && !/^application\/cloudevents\+json/i.test(contentType);
  const isKnown = contentType === '' || (isBinary ? ANY_JSON : STRUCTURED).test(contentType);
  if (!isKnown)
    return new Rejection(
      'unsupported-media-type',
      'The content type must be application/cloudevents+json, application/cloudevents-batch+json, or JSON with ce_ headers.',
    );
  const read = readJson(value);
  if (!read.ok) return new Rejection(read.code, read.detail);
  return { events: [isBinary ? eventOf(headers, contentType, read.value) : read.value], isBatch: false };
}

function decodeBatch(value: Buffer, { maxBatchBytes, maxBatchItems }: DecodeLimits): Decoded | Rejection {
  if (value.length > maxBatchBytes)
    return new Rejection('body-too-large', `A batch has at most ${maxBatchBytes} bytes.`);
  const read = readJson(value);
  if (!read.ok) return new Rejection(read.code, read.detail);
  if (!Array.isArray(read.value))
    return new Rejection('invalid-request', 'A batch must be a JSON array of events.');
  if (read.value.length > maxBatchItems)
    return new Rejection('body-too-large', `A batch holds at most ${maxBatchItems} events.`);
  return { events: read.value, isBatch: true };
}

function isInHeaders(headers: DeliveredMessage['headers']): boolean {
  return ['ce_id', 'ce_specversion', 'ce_type'].some((name) => headers[name] !== undefined);
}

/**
 * The event whose attributes are the `ce_` headers. JSON is what is meant when nothing is said, so that the same event in
 * structured mode is recognised as a repeat; another type of content is kept.
 */
function eventOf(
  headers: DeliveredMessage['headers'],
  contentType: string,
  data: unknown,
): Record<string, unknown> {
  // Built from entries, because assigning to `__proto__` would lose the header instead of having it refused.
  const event: Record<string, unknown> = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), textIn(value)]] : [],
    ),
  );
  if (contentType !== '' && !PLAIN_JSON.test(contentType)) event.datacontenttype = contentType;
  event.data = data;
  return event;
}

/** What is not UTF-8 is no text: as an attribute it is refused, by its name, for having the wrong type. */
function textIn(value: Buffer | undefined): string | null | undefined {
  if (value === undefined) return undefined;
  return isUtf8(value) ? value.toString('utf8') : null;
}
