/**
 * The log: an append-only sequence of events in streams. The port every adapter implements and the contract
 * suite (`@touchline/event-store/contract`) holds it to. It knows nothing of what the events mean.
 *
 * Guarantees:
 * - An append is durable when its promise resolves. Commit order is position order.
 * - Event ids are unique in the whole log, for ever. Appending an id again with the same fingerprint answers the
 *   first receipt with `duplicate: true`; with another fingerprint it is rejected as `event-id-reused`.
 * - Positions only grow; they are opaque: compare them, never compute with them. They need not be contiguous.
 */
export interface EventStore {
  /**
   * How repeats are recognised: `exact` under every expectation, or `best-effort` under `any`, where a repeat may
   * be stored twice and readers must drop an event id they have already seen.
   */
  readonly idempotency: 'exact' | 'best-effort';

  /**
   * The order in which `appendMany` stores its appends: the one `given`, or that only `within-streams`, where different
   * streams are written side by side.
   */
  readonly appendManyOrder: 'given' | 'within-streams';

  /** Whether `count` is `exact`, or an `estimate`. */
  readonly counting: 'exact' | 'estimate';

  /**
   * One atomic append to one stream: all of its new events are stored, or none. An id that is repeated within the
   * append counts as a repeat of its first occurrence. An append without events is answered without receipts.
   */
  append(append: Append, options?: Abortable): Promise<AppendResult>;

  /**
   * Many appends in one call, each standing on its own as if appended alone, in the order given (see
   * `appendManyOrder`). Results are in the same order. Concurrent callers may share one commit. When it throws, some of the appends may have
   * been stored all the same: repeat the whole call, and those come back as duplicates.
   */
  appendMany(appends: readonly Append[], options?: Abortable): Promise<readonly AppendResult[]>;

  /** Events of one stream in version order, from `from` (inclusive, default 0), at most `limit`. Unknown: empty. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]>;

  /**
   * Events of the whole log in position order, after `after` (exclusive, default the start), at most `limit`. `after` is a
   * position that the log has given. What lies after any other number is answered all the same, or refused with
   * `event-store-position-unknown`, as the log can.
   */
  readAll(options?: ReadAllOptions): Promise<readonly RecordedEvent[]>;

  /**
   * Every event after `after`, in position order, without gap or repeat: first those recorded already, then live
   * ones as they are committed, by this process or another. Batches are never empty. Pull-based: nothing is read
   * ahead of the consumer beyond one batch. Ends only by `signal` (returns, does not throw) or by throwing; after
   * that, subscribe again from the last position seen.
   */
  subscribe(options?: SubscribeOptions): AsyncIterable<readonly RecordedEvent[]>;

  /** Position of the last event, or `START` when the log is empty. */
  head(options?: Abortable): Promise<Position>;

  /**
   * How many events there are after `after` (exclusive, default the start) up to `upTo` (inclusive, default the head).
   * For progress only: cheap however many there are, and an estimate where positions have gaps.
   */
  count(options?: CountOptions): Promise<number>;

  /** Waits for appends under way, then releases everything. Later calls fail with `event-store-closed`. */
  close(): Promise<void>;
}

/** Place in the log. Opaque but for comparison; a decimal string outside the process. */
export type Position = bigint;

/** Before the first event. */
export const START: Position = 0n;

export interface NewEvent {
  /** UUID, lower case, unique in the log. */
  readonly id: string;
  /** 1 to 256 characters. */
  readonly type: string;
  /** Identifies the content; equal content gives an equal fingerprint. At most 64 characters. */
  readonly fingerprint: string;
  /**
   * A JSON document, or its UTF-8; kept character by character, never parsed here. At most 1,048,576 characters. Bytes stay
   * as they are until the append is answered.
   */
  readonly data: string | Uint8Array;
}

export interface RecordedEvent extends Omit<NewEvent, 'data'> {
  readonly data: string;
  readonly position: Position;
  readonly stream: string;
  /** Place in its stream, from 0, without gaps. */
  readonly version: number;
  /**
   * When the store recorded it, milliseconds since the epoch. Never goes backwards along the log, but where the nodes of a
   * cluster take over from each other and their clocks disagree.
   */
  readonly recordedAt: number;
}

/** `any`, `no-stream` (the stream is empty), or the version of the stream's last event. */
export type ExpectedRevision = 'any' | 'no-stream' | number;

export interface Append {
  /** 1 to 256 characters. */
  readonly stream: string;
  readonly events: readonly NewEvent[];
  /** Default `any`. Checked after the ids; not at all when every event is a repeat. */
  readonly expected?: ExpectedRevision;
}

export interface Receipt {
  readonly id: string;
  readonly position: Position;
  readonly version: number;
  readonly duplicate: boolean;
}

/** Rejections are values; failures (disk full, closed, ...) are thrown as `EventStoreError`. */
export type AppendResult =
  | { readonly ok: true; readonly receipts: readonly Receipt[] }
  | { readonly ok: false; readonly code: 'event-id-reused'; readonly id: string }
  | { readonly ok: false; readonly code: 'wrong-expected-revision'; readonly actual: number | 'no-stream' };

export interface Abortable {
  /** Stops waiting. An append that was handed over may still be committed. */
  readonly signal?: AbortSignal;
}

export interface ReadStreamOptions extends Abortable {
  readonly from?: number;
  /** 1 to 10,000; default 1,000. */
  readonly limit?: number;
}

export interface ReadAllOptions extends Abortable {
  readonly after?: Position;
  /** 1 to 10,000; default 1,000. */
  readonly limit?: number;
}

export interface CountOptions extends Abortable {
  readonly after?: Position;
  readonly upTo?: Position;
}

export interface SubscribeOptions extends Abortable {
  readonly after?: Position;
  /** 1 to 10,000; default 1,000. */
  readonly maxBatchEvents?: number;
}
