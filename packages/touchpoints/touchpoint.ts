import type { Identifier } from './identifier.ts';

export const CHANNELS = [
  'phone',
  'email',
  'chat',
  'sms',
  'wechat',
  'fax',
  'letter',
  'web',
  'app',
  'store',
  'on-site',
  'partner',
] as const;
export type Channel = (typeof CHANNELS)[number];

export const STAGES = ['pre-sale', 'sale', 'after-sale'] as const;
export type Stage = (typeof STAGES)[number];

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** `amount` is a decimal string (`"420.00"`, `"-3.5"`), `currency` three letters of ISO 4217. */
export interface Money {
  amount: string;
  currency: string;
}

/** One line in both languages. */
export interface Line {
  readonly en: string;
  readonly zh: string;
}

/**
 * One recorded fact about a customer: a CloudEvent, checked against its type, with identifiers and references
 * normalised. `time` is the text as given. Extensions the language does not know are kept and count as personal.
 */
export interface Touchpoint {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  /** When it happened, RFC 3339 with offset. */
  time: string;
  /** The customer as the producer knows them: one identifier, normalised. */
  subject?: string;
  /** Who in the company touched the customer. */
  department: string;
  correlationid?: string;
  causationid?: string;
  authid?: string;
  traceparent?: string;
  datacontenttype?: string;
  dataschema?: string;
  data: Body;
  [extension: string]: unknown;
}

/** The fields every touchpoint may carry; a type adds its own. Unknown fields are kept. */
export interface Body {
  customer?: { identifiers?: string[]; name?: string; [field: string]: unknown };
  direction?: Direction;
  channel?: Channel;
  /** Member of staff. */
  agent?: { id?: string; name?: string; [field: string]: unknown };
  reason?: string;
  description?: string;
  /** Business objects it concerns: `order:shop:8891`. */
  about?: string[];
  stage?: Stage;
  /** `value` from -1 to 1. */
  sentiment?: { value: number; by?: string; [field: string]: unknown };
  /** What serving this touchpoint cost. */
  cost?: Money;
  [field: string]: unknown;
}

/** `pointer` is a JSON pointer (RFC 6901) into the input; `detail` says what would be right. */
export interface FieldError {
  readonly pointer: string;
  readonly code: FieldErrorCode;
  readonly detail: string;
}

export type FieldErrorCode =
  | 'required'
  | 'wrong-type'
  | 'wrong-format'
  | 'out-of-range'
  | 'too-long'
  | 'too-many'
  | 'too-deep'
  | 'not-allowed'
  | 'malformed-text'
  | 'invalid-identifier'
  | 'in-the-future'
  | 'unknown-type';

/** A touchpoint and what was found out about it when it was parsed. */
export interface ParsedTouchpoint {
  readonly touchpoint: Touchpoint;
  /** `time` in milliseconds since the epoch. */
  readonly happenedAt: number;
  /** Those of `identifiersOf`. */
  readonly identifiers: readonly Identifier[];
}

export type ParseResult =
  | ({ readonly ok: true } & ParsedTouchpoint)
  | { readonly ok: false; readonly code: 'invalid-touchpoint'; readonly errors: FieldError[] };

export type BodyResult =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly code: 'invalid-touchpoint'; readonly errors: FieldError[] };

const CLEAR_ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'department',
  'correlationid',
  'causationid',
  'authid',
  'traceparent',
  'datacontenttype',
  'dataschema',
]);

/** Whether an attribute of the envelope (not `data`) is to be sealed: `subject` and every unknown extension. */
export function isPersonalAttribute(name: string): boolean {
  return !CLEAR_ATTRIBUTES.has(name);
}
