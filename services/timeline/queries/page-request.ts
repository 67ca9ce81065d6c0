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
}

export interface TimelinePage {
  /** Entries as JSON in UTF-8, in order. Fewer than asked for where they are large or were hard to find. */
  readonly entries: readonly Uint8Array[];
  /** Where the next page begins; absent where nothing follows. The page there may turn out empty. */
  readonly next?: TimelinePlace;
}
