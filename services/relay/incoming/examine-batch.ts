import type { DeliveredMessage } from '@touchline/messaging';
import type { Catalogue, FieldError, Touchpoint } from '@touchline/touchpoints';
import type { RelayLimits } from '../limits.ts';
import { decodeMessage } from './decode-message.ts';
import { Rejection, type RejectionError } from './rejection.ts';

/** What an event is held against: the same as at the front door. */
export interface Examiner {
  readonly catalogue: Pick<Catalogue, 'parse'>;
  readonly clock: { now(): number };
  readonly defaultRegion?: string | undefined;
}

/** One event of a message, and where it lies. */
export interface ExaminedEvent {
  readonly message: number;
  readonly touchpoint: Touchpoint;
  /** Of a batch. */
  readonly item?: number;
}

export interface ExaminedBatch {
  /** In the order of the messages. */
  readonly events: readonly ExaminedEvent[];
  /** What is wrong with each message, by its place. */
  readonly rejections: ReadonlyMap<number, readonly Rejection[]>;
}

export function examineBatch(
  messages: readonly DeliveredMessage[],
  examiner: Examiner,
  limits: RelayLimits,
): ExaminedBatch {
  const events: ExaminedEvent[] = [];
  const rejections = new Map<number, Rejection[]>();
  for (const [index, message] of messages.entries()) {
    const wrong: Rejection[] = [];
    const decoded = decodeMessage(message, limits);
    if (decoded instanceof Rejection) wrong.push(decoded);
    else
      for (const [place, event] of decoded.events.entries()) {
        const item = decoded.isBatch ? { item: place } : {};
        const examined = examineEvent(event, examiner, decoded.isBatch ? place : undefined, limits);
        if (examined instanceof Rejection) wrong.push(examined);
        else events.push({ message: index, touchpoint: examined, ...item });
      }
    if (wrong.length > 0) rejections.set(index, wrong);
  }
  return { events, rejections };
}

function examineEvent(
  event: unknown,
  { catalogue, clock, defaultRegion }: Examiner,
  item: number | undefined,
  { maxTouchpointBytes }: RelayLimits,
): Touchpoint | Rejection {
  if (item !== undefined && sizeOf(event) > maxTouchpointBytes)
    return rejectionOf('touchpoint-too-large', item, `has more than ${maxTouchpointBytes} bytes`);
  const examined = catalogue.parse(event, { now: clock.now(), defaultRegion });
  if (examined.ok) return examined.touchpoint;
  const { errors } = examined;
  const detail = errors.length === 1 ? 'One thing is wrong.' : `${errors.length} things are wrong.`;
  return new Rejection(
    'invalid-touchpoint',
    detail,
    errors.map((error) => placed(error, item)),
  );
}

/** A rejection of one event as a whole. */
export function rejectionOf(code: Rejection['code'], item: number | undefined, detail: string): Rejection {
  return new Rejection(
    code,
    `The event ${detail}.`,
    item === undefined ? [] : [{ pointer: `/${item}`, detail, code }],
  );
}

function placed({ pointer, detail, code }: FieldError, item: number | undefined): RejectionError {
  return { pointer: item === undefined ? pointer : `/${item}${pointer}`, detail, code };
}

/** Of an item, as it would be on its own. What is nested too deep to be measured is refused for that. */
function sizeOf(event: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(event));
  } catch {
    return 0;
  }
}
