import assert from 'node:assert';
import { checkAppend, checkLimit, checkPosition, checkVersion } from '../arguments.ts';
import { EventStoreError } from '../errors.ts';
import {
  type Abortable,
  type Append,
  type AppendResult,
  type CountOptions,
  type EventStore,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  START,
  type SubscribeOptions,
} from '../event-store.ts';
import { ChangeWatch } from './change-watch.ts';
import { CommitQueue, type QueueStats } from './commit-queue.ts';
import { isMade, openForReading } from './connection.ts';
import { LastingWriter } from './lasting-writer.ts';
import { DEFAULT_LIMITS, type SqliteLimits } from './limits.ts';
import { LogReader } from './log-reader.ts';
import { follow } from './subscription.ts';

export interface SqliteEventStoreOptions extends Partial<SqliteLimits> {
  /** The database file, created when there is none. Its folder must exist; the write-ahead log lies beside it. */
  readonly file: string;
  /** Milliseconds since the epoch. Default: the clock of the machine. */
  readonly clock?: () => number;
  /** `rarely`: the writer thread of a log that is there starts with the first append. Default `soon`. */
  readonly appends?: 'soon' | 'rarely';
}

export interface SqliteStats extends QueueStats {
  /** Threads started to write; more than one means that some have died. */
  readonly writerThreads: number;
  /** The last time the write-ahead log could not be copied into the database file; it is tried again. */
  readonly checkpointFailure: EventStoreError | undefined;
}

/**
 * Opens or creates a log in one SQLite file. Throws `EventStoreError`: `event-store-foreign-file` for a file that is no
 * log, `event-store-newer-version` for one of a later release (neither is touched), `event-store-read-only`,
 * `event-store-corrupt`, `event-store-unavailable`. The writer thread keeps the process alive until `close`.
 */
export async function openSqliteEventStore(options: SqliteEventStoreOptions): Promise<SqliteEventStore> {
  const { file, clock = Date.now, appends = 'soon', ...given } = options;
  const limits = { ...DEFAULT_LIMITS, ...given };
  const writer = new LastingWriter({ file, limits });
  try {
    if (appends === 'soon' || !isMade(file)) await writer.start();
    const reader = new LogReader(openForReading(file), limits.maxCachedStreams);
    return new SqliteEventStore({ writer, reader, limits, clock });
  } catch (error) {
    await writer.close();
    throw error;
  }
}

interface Parts {
  readonly writer: LastingWriter;
  readonly reader: LogReader;
  readonly limits: SqliteLimits;
  readonly clock: () => number;
}

/** The log in one SQLite file: a thread that writes, a connection that reads. Several processes may share the file. */
export class SqliteEventStore implements EventStore {
  readonly idempotency = 'exact';
  readonly appendManyOrder = 'given';
  readonly counting = 'exact';
  readonly #writer: LastingWriter;
  readonly #reader: LogReader;
  readonly #queue: CommitQueue;
  readonly #watch: ChangeWatch;
  #closing: Promise<void> | undefined;

  constructor({ writer, reader, limits, clock }: Parts) {
    this.#writer = writer;
    this.#reader = reader;
    this.#watch = new ChangeWatch(() => {
      this.#checkOpen();
      return reader.dataVersion();
    }, limits.maxPollMs);
    this.#queue = new CommitQueue(writer, limits, clock, () => this.#watch.look());
  }

  async append(append: Append, { signal }: Abortable = {}): Promise<AppendResult> {
    this.#checkOpen();
    checkAppend(append);
    const [result] = await this.#queue.append([append], signal);
    assert(result, 'each append is answered');
    return result;
  }

  async appendMany(appends: readonly Append[], { signal }: Abortable = {}): Promise<readonly AppendResult[]> {
    this.#checkOpen();
    for (const append of appends) checkAppend(append);
    if (appends.length === 0) return [];
    return await this.#queue.append(appends, signal);
  }

  async readStream(stream: string, options: ReadStreamOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    return this.#reader.readStream(stream, checkVersion(options.from ?? 0), checkLimit(options.limit));
  }

  async readAll(options: ReadAllOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    return this.#reader.readAll(checkPosition(options.after ?? START), checkLimit(options.limit));
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<readonly RecordedEvent[], void, void> {
    const source = {
      watch: this.#watch,
      read: (after: Position, limit: number) => this.#reader.readAll(after, limit),
    };
    yield* follow(source, {
      after: checkPosition(options.after ?? START),
      maxBatchEvents: checkLimit(options.maxBatchEvents),
      signal: options.signal,
    });
  }

  async head({ signal }: Abortable = {}): Promise<Position> {
    this.#checkOpen();
    signal?.throwIfAborted();
    return this.#reader.head();
  }

  /** Exact: positions here are without gaps. */
  async count(options: CountOptions = {}): Promise<number> {
    const head = await this.head(options);
    const after = checkPosition(options.after ?? START);
    const upTo = checkPosition(options.upTo ?? head);
    const last = upTo < head ? upTo : head;
    return last > after ? Number(last - after) : 0;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  stats(): SqliteStats {
    return {
      ...this.#queue.stats,
      writerThreads: this.#writer.threads,
      checkpointFailure: this.#writer.checkpointFailure,
    };
  }

  async #close(): Promise<void> {
    this.#watch.close(closed());
    await this.#queue.drain();
    // Last, so that the writer finds no reader and leaves one tidy file behind.
    this.#reader.close();
    await this.#writer.close();
  }

  #checkOpen(): void {
    if (this.#closing) throw closed();
  }
}

function closed(): EventStoreError {
  return new EventStoreError('event-store-closed', 'the event store is closed');
}
