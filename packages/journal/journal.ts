import type { EventStore, Position } from '@touchline/event-store';
import type { IdentifierKey, ParsedTouchpoint, Touchpoint } from '@touchline/touchpoints';
import type { Damage } from './damage.ts';

/**
 * The language on the log: records touchpoints and reads them back typed, opened and upcast.
 * Personal fields are sealed on the way in and opened on the way out; nobody else touches keys or ciphertext.
 */
export interface Journal {
  /** As `EventStore.idempotency`: where it is `best-effort`, who folds drops an `eventid` it has had. */
  readonly idempotency: EventStore['idempotency'];

  /**
   * Takes a validated touchpoint apart, as far as that needs no key. Who gathers many to record them together keeps
   * drafts: they are small, and what was parsed can be forgotten at once. Throws on what was never validated.
   */
  draft(parsed: ParsedTouchpoint): Draft;

  /**
   * Records validated touchpoints, or drafts of this journal, each standing on its own; outcomes in the order given. A
   * recorded touchpoint is durable when the promise resolves. The same `source`+`id` with equal content answers the first
   * receipt. Throws `EventStoreError` or `VaultError` when log or vault fail: then nothing is acknowledged, and the whole
   * call may be repeated.
   *
   * A data subject that is shredded while its touchpoint is on the way is erased as if the touchpoint had come just
   * before: it is recorded, and its personal fields are gone.
   */
  record(
    touchpoints: readonly (Touchpoint | Draft)[],
    options?: { signal?: AbortSignal },
  ): Promise<readonly Outcome[]>;

  /** Touchpoints after `after` in log order, at most `limit` (default 1,000). Empty at the end of the log. */
  read(options?: {
    after?: Position;
    limit?: number;
    signal?: AbortSignal;
  }): Promise<readonly RecordedTouchpoint[]>;

  /** Touchpoints of one data subject in log order, from version `from` (default 0). */
  readSubject(
    subject: string,
    options?: { from?: number; limit?: number },
  ): Promise<readonly RecordedTouchpoint[]>;

  /** As `EventStore.subscribe`: catch-up, then live, without gap or repeat, in batches, pull-based. */
  subscribe(options?: {
    after?: Position;
    maxBatchEvents?: number;
    signal?: AbortSignal;
  }): AsyncIterable<readonly RecordedTouchpoint[]>;

  head(): Promise<Position>;

  /**
   * Tells this log from every other for ever: id and position of its first event, so that a log copied to where positions are
   * others is another one. None while it is empty.
   */
  mark(): Promise<string | undefined>;

  /** As `EventStore.counting`. */
  readonly counting: EventStore['counting'];

  /** As `EventStore.count`: touchpoints after `after` up to `upTo`, for progress only. */
  count(options?: { after?: Position; upTo?: Position }): Promise<number>;

  /** The key under which an identifier (normalised URI) is known in this installation. */
  identify(identifier: string): IdentifierKey;
}

/** A touchpoint ready to be recorded. */
export interface Draft {
  readonly source: string;
  readonly id: string;
  readonly eventid: string;
}

export type Outcome =
  | {
      readonly ok: true;
      readonly eventid: string;
      readonly position: Position;
      readonly duplicate: boolean;
      readonly subject: string;
    }
  | { readonly ok: false; readonly code: 'event-id-reused'; readonly eventid: string };

export interface RecordedTouchpoint {
  readonly position: Position;
  readonly eventid: string;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  /** When it happened, milliseconds since the epoch. */
  readonly happenedAt: number;
  /** The data subject: names stream and key. */
  readonly subject: string;
  /** Version in the data subject's stream. */
  readonly version: number;
  /** Every identifier on the touchpoint, strongest first; for decisions, the parties. */
  readonly identifiers: readonly IdentifierKey[];
  /** In the newest version of its type. Without its personal fields when `erased`. */
  readonly touchpoint: Touchpoint;
  /** The key was shredded: personal fields cannot be opened any more. */
  readonly erased: boolean;
  /**
   * Present when the event cannot be read in full for another reason. Only this event: the rest of its page is fine.
   * `touchpoint` then holds what could be read, and is not to be folded.
   */
  readonly damage?: Damage;
}
