import { z } from 'zod';
import { identifierText } from './body.ts';
import { label } from './fields.ts';

export const MAX_TYPE_LENGTH = 128;
const MAX_URI_LENGTH = 512;
const MAX_ATTRIBUTE_LENGTH = 256;
const MAX_TIME_LENGTH = 64;

export const TIME_DETAIL =
  'must be RFC 3339 with an offset, in the years 1900 to 9999, e.g. 2026-11-22T09:30:00+08:00';

/** RFC 3986, section 4.1: a URI, or a relative reference whose first segment has no colon. */
const URI_REFERENCE = (() => {
  const char = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})`;
  const noColon = `(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})`;
  const authority = `(?:[A-Za-z0-9._~!$&'()*+,;=:@\\[\\]-]|%[0-9A-Fa-f]{2})*`;
  const path = `(?://${authority}(?:/${char}*)*|/(?:${char}+(?:/${char}*)*)?|${char}+(?:/${char}*)*)?`;
  const relative = `(?://${authority}(?:/${char}*)*|/(?:${char}+(?:/${char}*)*)?|${noColon}+(?:/${char}*)*)?`;
  const tail = `(?:\\?(?:${char}|[/?])*)?(?:#(?:${char}|[/?])*)?`;
  return new RegExp(`^(?:[A-Za-z][A-Za-z0-9+.-]*:${path}|${relative})${tail}$`);
})();

const uriReference = (example: string) => {
  const error = `must be a URI-reference of at most ${MAX_URI_LENGTH} characters, e.g. ${example}`;
  return z.string({ error }).min(1, { error }).max(MAX_URI_LENGTH, { error }).regex(URI_REFERENCE, { error });
};

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACEPARENT_DETAIL =
  'must be a W3C trace parent, e.g. 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const JSON_MEDIA_TYPE = /^application\/(?:[a-z0-9!#$&^_.-]+\+)?json(?:\s*;.*)?$/i;
const JSON_DETAIL = 'must be application/json or another JSON media type: data is JSON';

/** The attributes of CloudEvents 1.0 and of the language. `data` is checked by its type. */
export const envelopeSchema = z.looseObject({
  specversion: z.literal('1.0', { error: 'must be "1.0"' }).describe('Version of CloudEvents.'),
  id: label(MAX_ATTRIBUTE_LENGTH).describe('Unique within the source; with it, the idempotency key.'),
  source: uriReference('/pbx/hangzhou').describe(
    'The feeding system: /pbx/hangzhou, https://shop.example.cn.',
  ),
  type: label(MAX_TYPE_LENGTH).describe('Name and major version in the catalogue.'),
  time: z
    .string({ error: TIME_DETAIL })
    .max(MAX_TIME_LENGTH, { error: TIME_DETAIL })
    .describe('When it happened.'),
  subject: identifierText().optional().describe('The customer as the producer knows them: one identifier.'),
  department: label(64).describe('Who in the company touched the customer: service, sales, finance.'),
  correlationid: label(MAX_ATTRIBUTE_LENGTH).optional(),
  causationid: label(MAX_ATTRIBUTE_LENGTH).optional(),
  authid: label(MAX_ATTRIBUTE_LENGTH).optional().describe('Who did it, as the producer authenticated them.'),
  traceparent: z
    .string({ error: TRACEPARENT_DETAIL })
    .max(55, { error: TRACEPARENT_DETAIL })
    .regex(TRACEPARENT, { error: TRACEPARENT_DETAIL })
    .optional(),
  datacontenttype: z
    .string({ error: JSON_DETAIL })
    .max(MAX_ATTRIBUTE_LENGTH, { error: JSON_DETAIL })
    .regex(JSON_MEDIA_TYPE, { error: JSON_DETAIL })
    .optional(),
  dataschema: uriReference('https://example.cn/order.json').optional(),
});

export const ATTRIBUTES: ReadonlySet<string> = new Set([...Object.keys(envelopeSchema.shape), 'data']);

/** Attributes only the server gives. */
export const SERVER_ATTRIBUTES: ReadonlySet<string> = new Set([
  'position',
  'recordedtime',
  'eventid',
  'customerid',
]);
