import type { EventStore } from '@touchline/event-store';
import { clearPartOf, subjectOf } from '@touchline/journal';
import { type Erasure, erasureOf, isErasure } from './erasure.ts';

const CHUNK_EVENTS = 2_000;

export interface ErasureRange {
  readonly after: bigint;
  readonly upTo: bigint;
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface FoundErasures {
  readonly erasures: readonly Erasure[];
  /** How far was looked: `upTo`, or where the limit was reached. */
  readonly through: bigint;
}

/** Erasures of a range of the log, in its order. Their clear part says it all, so no key is asked for. */
export async function erasuresBetween(
  log: Pick<EventStore, 'readAll'>,
  { after, upTo, limit, signal }: ErasureRange,
): Promise<FoundErasures> {
  const erasures: Erasure[] = [];
  for (let position = after; position < upTo; ) {
    const events = await log.readAll({ after: position, limit: CHUNK_EVENTS, signal });
    for (const event of events) {
      if (event.position > upTo) return { erasures, through: upTo };
      position = event.position;
      if (!isErasure(event.type)) continue;
      const { data } = clearPartOf(event);
      const subject = subjectOf(event.stream);
      erasures.push(erasureOf({ position, eventid: event.id, subject, data }));
      if (erasures.length === limit) return { erasures, through: position };
    }
    if (events.length === 0) break;
  }
  return { erasures, through: upTo };
}
