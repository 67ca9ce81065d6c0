import type { FieldError } from '@touchline/touchpoints';

/** Why one event of an upload was not recorded. */
export interface Rejection {
  /** Place in the upload, from 0. */
  readonly index: number;
  /** As given, when they could be read. */
  readonly source?: string;
  readonly id?: string;
  readonly code: RejectionCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export type RejectionCode =
  | 'invalid-json'
  | 'invalid-utf8'
  | 'touchpoint-too-large'
  | 'invalid-touchpoint'
  | 'event-id-reused'
  | 'internal';

const MAX_NAME_LENGTH = 512;

/** Source and id of an event that may be anything. */
export function namesOf(event: unknown): { source?: string; id?: string } {
  const { source, id } = (typeof event === 'object' && event !== null ? event : {}) as Record<
    string,
    unknown
  >;
  return { ...(isName(source) ? { source } : {}), ...(isName(id) ? { id } : {}) };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME_LENGTH;
}
