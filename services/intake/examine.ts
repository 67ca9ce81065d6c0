import { readJson } from '@touchline/service-kit';
import type { Catalogue, FieldError, ParsedTouchpoint } from '@touchline/touchpoints';
import type { Line } from './lines.ts';
import { namesOf, type Rejection } from './rejection.ts';

/** What an event is held against. */
export interface Examiner {
  readonly catalogue: Pick<Catalogue, 'parse'>;
  readonly clock: { now(): number };
  readonly defaultRegion?: string | undefined;
}

export type Examined =
  | ({ readonly ok: true } & ParsedTouchpoint)
  | { readonly ok: false; readonly errors: readonly FieldError[] };

export function examine(event: unknown, { catalogue, clock, defaultRegion }: Examiner): Examined {
  return catalogue.parse(event, { now: clock.now(), defaultRegion });
}

export type Item =
  | ({ readonly ok: true } & ParsedTouchpoint)
  | { readonly ok: false; readonly rejection: Rejection };

export interface ItemLimits {
  readonly maxTouchpointBytes: number;
  readonly maxErrorsPerRejection: number;
}

export function examineLine({ index, bytes }: Line, examiner: Examiner, limits: ItemLimits): Item {
  const place = `Line ${index + 1}`;
  if (bytes === undefined) return tooLarge(index, place, limits);
  const read = readJson(bytes);
  if (read.ok) return examineItem({ event: read.value, index, bytes: bytes.length }, place, examiner, limits);
  return { ok: false, rejection: { index, code: read.code, detail: `${place}: ${read.detail}` } };
}

export function examineItem(
  { event, index, bytes }: { readonly event: unknown; readonly index: number; readonly bytes: number },
  place: string,
  examiner: Examiner,
  limits: ItemLimits,
): Item {
  if (bytes > limits.maxTouchpointBytes) return tooLarge(index, place, limits, event);
  const examined = examine(event, examiner);
  if (examined.ok) return examined;
  const { errors } = examined;
  const detail = `${place}: ${errors.length === 1 ? 'one thing is' : `${errors.length} things are`} wrong.`;
  const listed = errors.slice(0, limits.maxErrorsPerRejection);
  return {
    ok: false,
    rejection: { index, ...namesOf(event), code: 'invalid-touchpoint', detail, errors: listed },
  };
}

function tooLarge(index: number, place: string, { maxTouchpointBytes }: ItemLimits, event?: unknown): Item {
  const detail = `${place} has more than ${maxTouchpointBytes} bytes.`;
  return { ok: false, rejection: { index, ...namesOf(event), code: 'touchpoint-too-large', detail } };
}
