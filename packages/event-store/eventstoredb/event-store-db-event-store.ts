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
import { AppendLanes } from './append-lanes.ts';
import { ClientLogServer } from './client-log-server.ts';
import { Deadline } from './deadline.ts';
import { DEFAULT_LIMITS, type EventStoreDbLimits } from './limits.ts';
import { LogReader } from './log-reader.ts';
import type { LogServer } from './log-server.ts';
import { LogSize } from './log-size.ts';
import { LogWriter } from './log-writer.ts';
import { borrowClient } from './shared-clients.ts';
import { follow } from './subscription.ts';

export interface EventStoreDbOptions extends Partial<EventStoreDbLimits> {
  /** `esdb://...`, `esdb+discover://...`, or the same with `kurrentdb`. What is special in a password is percent-encoded. */
  readonly url: string;
}

/**
 * The log in an EventStoreDB (KurrentDB). Connects with the first use, so that it opens while the server is away. Throws
 * `event-store-invalid-argument` for an address or a certificate that cannot be used.
 */
export function openEventStoreDbEventStore({ url, ...given }: EventStoreDbOptions): EventStoreDbEventStore {
  const { client, giveBack } = borrowClient(url);
  const limits = { ...DEFAULT_LIMITS, ...given };
  return new EventStoreDbEventStore({ server: new ClientLogServer(client), limits, release: giveBack });
}

export interface EventStoreDbParts {
  readonly server: LogServer;
  readonly limits: EventStoreDbLimits;
  /** Gives the server back; called once, when nothing is under way any more. */
  release(): Promise<void>;
}

/** The log in an EventStoreDB, which any number of processes on any number of machines may share. */
export class EventStoreDbEventStore implements EventStore {
  readonly idempotency = 'best-effort';
  readonly appendManyOrder = 'within-streams';
  readonly counting = 'estimate';
  readonly #server: LogServer;
  readonly #limits: EventStoreDbLimits;
  readonly #release: () => Promise<void>;
  readonly #reader: LogReader;
  readonly #size: LogSize;
  readonly #lanes: AppendLanes;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor({ server, limits, release }: EventStoreDbParts) {
    this.#server = server;
    this.#limits = limits;
    this.#release = release;
    this.#reader = new LogReader(server);
    this.#size = new LogSize(this.#reader);
    const writer = new LogWriter(server, this.#reader, limits);
    this.#lanes = new AppendLanes(async (append) => {
      using deadline = new Deadline(limits.maxAppendMs);
      return await writer.append(append, deadline);
    }, limits);
  }

  async append(append: Append, { signal }: Abortable = {}): Promise<AppendResult> {
    const [result] = await this.appendMany([append], { ...(signal ? { signal } : {}) });
    assert(result, 'each append is answered');
    return result;
  }

  async appendMany(appends: readonly Append[], { signal }: Abortable = {}): Promise<readonly AppendResult[]> {
    this.#checkOpen();
    for (const append of appends) checkAppend(append);
    if (appends.length === 0) return [];
    return await this.#lanes.append(appends, signal);
  }

  async readStream(stream: string, options: ReadStreamOptions = {}): Promise<readonly RecordedEvent[]> {
    const from = BigInt(checkVersion(options.from ?? 0));
    const read = { direction: 'forwards', from, limit: checkLimit(options.limit) } as const;
    using deadline = this.#deadline(options);
    return await this.#reader.readStream(stream, read, deadline);
  }

  async readAll(options: ReadAllOptions = {}): Promise<readonly RecordedEvent[]> {
    const after = checkPosition(options.after ?? START);
    const limit = checkLimit(options.limit);
    using deadline = this.#deadline(options);
    return await this.#reader.readAll(after, limit, deadline);
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<readonly RecordedEvent[], void, void> {
    this.#checkOpen();
    const after = checkPosition(options.after ?? START);
    const maxBatchEvents = checkLimit(options.maxBatchEvents);
    if (options.signal?.aborted) return;
    const limits = this.#limits;
    const end = new AbortController();
    const onAbort = () => end.abort();
    const onClose = () => end.abort(closed());
    options.signal?.addEventListener('abort', onAbort, { once: true });
    this.#closed.signal.addEventListener('abort', onClose, { once: true });
    try {
      for await (const batch of follow(this.#server, { after, maxBatchEvents, signal: end.signal, limits })) {
        yield batch;
        if (options.signal?.aborted) return;
      }
    } catch (error) {
      if (!options.signal?.aborted) throw error;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      this.#closed.signal.removeEventListener('abort', onClose);
    }
  }

  async head(options: Abortable = {}): Promise<Position> {
    using deadline = this.#deadline(options);
    return (await this.#reader.head(deadline)) ?? START;
  }

  /** An estimate: positions are places in a file. */
  async count(options: CountOptions = {}): Promise<number> {
    const after = checkPosition(options.after ?? START);
    const wanted = options.upTo === undefined ? undefined : checkPosition(options.upTo);
    using deadline = this.#deadline(options);
    const head = (await this.#reader.head(deadline)) ?? START;
    const upTo = wanted !== undefined && wanted < head ? wanted : head;
    return await this.#size.between(after, upTo, deadline);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed.abort(closed());
    await this.#lanes.drain();
    await this.#release();
  }

  #deadline({ signal }: Abortable): Deadline {
    this.#checkOpen();
    return new Deadline(this.#limits.maxReadMs, signal, this.#closed.signal);
  }

  #checkOpen(): void {
    if (this.#closing) throw closed();
  }
}

function closed(): EventStoreError {
  return new EventStoreError('event-store-closed', 'the event store is closed');
}
