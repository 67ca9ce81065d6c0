/**
 * What the adapter asks of an EventStoreDB, and nothing else of its client. Names of streams are those on the server.
 * Everything is asked of the leader: a follower may not know yet what was just acknowledged.
 */
export interface LogServer {
  /** Stored at once, or not at all. Rejects with the client's own errors; `deadlineMs` is told to the server too. */
  append(stream: string, events: readonly ServerEvent[], options: AppendOptions): Promise<Appended>;

  /** Rejects (on the flow) with `stream-not-found` for a stream nobody wrote. */
  readStream(stream: string, options: StreamRead): ServerFlow;

  /** Events of every stream, those of the system too. Forwards with the one at `from`; backwards without it. */
  readAll(options: AllRead): ServerFlow;

  /** Events of streams whose name begins with `prefix`, after `after`, without end. */
  subscribe(options: ServerSubscription): ServerFlow;
}

/** `last` is the revision the stream must end with; absent for a stream that must be empty. */
export interface AppendOptions {
  readonly last: bigint | undefined;
  readonly deadlineMs: number;
}

export interface Appended {
  readonly lastRevision: bigint;
  /** Commit position. Absent where the server did not tell. */
  readonly position: bigint | undefined;
}

export interface StreamRead {
  readonly direction: 'forwards' | 'backwards';
  /** Inclusive; absent for the first event in that direction. */
  readonly from?: bigint;
  readonly limit: number;
}

export type AllRead = StreamRead;

export interface ServerSubscription {
  readonly prefix: string;
  /** Absent for the start of the log. */
  readonly after: bigint | undefined;
  /** Events the client may hold before they are pulled. */
  readonly maxAheadEvents: number;
}

/** `stop` ends it at both ends. */
export interface ServerFlow {
  readonly records: RecordStream;
  stop(): Promise<void>;
}

/** A `Readable` of `ServerRecord` that also emits `confirmation` once a subscription is taken on, and `error` without ending. */
export interface RecordStream {
  readonly readableLength: number;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  read(): unknown;
  destroy(): unknown;
}

export interface ServerEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/octet-stream';
  readonly data: Uint8Array;
  /** Flat strings: what newer servers index. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An event as the client answers it. */
export interface ServerRecord {
  readonly event?: {
    readonly streamId: string;
    readonly id: string;
    readonly revision: bigint;
    readonly type: string;
    readonly created: Date;
    readonly isJson: boolean;
    readonly data: unknown;
    readonly metadata: unknown;
    readonly position?: { readonly commit: bigint } | undefined;
  };
  readonly commitPosition?: bigint | undefined;
}
