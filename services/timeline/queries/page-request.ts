import type { JsonFrame } from '@touchline/read-store';
import type { AsOf } from './as-of.ts';

export interface TimelineFilter {
  readonly types: readonly string[];
  readonly channels: readonly string[];
  readonly departments: readonly string[];
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number;
  /** Words every entry must hold; see `questionWords`. */
  readonly words: readonly string[];
  readonly withRetracted: boolean;
}

/** Place between two entries of a timeline. Stays right while entries come, wherever they land. */
export interface TimelinePlace {
  readonly happenedAt: number;
  readonly eventKey: number;
}

export interface PageRequest {
  readonly subjects: readonly string[];
  readonly filter: TimelineFilter;
  readonly order: 'asc' | 'desc';
  readonly after?: TimelinePlace;
  readonly limit: number;
  readonly asof?: AsOf;
  /** What stands around the entries when they are sent, where the next page begins at a place, or nothing follows. */
  frame(next: TimelinePlace | undefined): JsonFrame;
}

export interface TimelinePage {
  /**
   * JSON in UTF-8: the entries in order, with commas between and their frame around them. Fewer than asked for where they are
   * large or were hard to find.
   */
  readonly body: Uint8Array;
  /** Where the next page begins; absent where nothing follows. The page there may turn out empty. */
  readonly next?: TimelinePlace;
}

/** A page of entries in parts, each of one or several with commas between. */
export function pageOf(
  { frame }: Pick<PageRequest, 'frame'>,
  parts: readonly Uint8Array[],
  next?: TimelinePlace,
): TimelinePage {
  const { before, after } = frame(next);
  const bytes: Uint8Array[] = [Buffer.from(before)];
  for (const part of parts) bytes.push(...(bytes.length > 1 ? [COMMA] : []), part);
  bytes.push(Buffer.from(after));
  return { body: Buffer.concat(bytes), ...(next && { next }) };
}

const COMMA = Buffer.from(',');
