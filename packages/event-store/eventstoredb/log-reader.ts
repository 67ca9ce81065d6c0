import { EventStoreError } from '../errors.ts';
import { type Position, type RecordedEvent, START } from '../event-store.ts';
import { isNotLeader, isStreamNotFound, mayBePosition, toEventStoreError } from './client-errors.ts';
import type { Deadline } from './deadline.ts';
import { isOurs, positionOf, toRecordedEvent, toServerStream } from './event-codec.ts';
import type { AllRead, LogServer, ServerFlow, ServerRecord, StreamRead } from './log-server.ts';
import { Pauses } from './pauses.ts';
import { RecordFlow } from './record-flow.ts';

/** A page may end when it has grown large, so that one of the largest events fits in memory as well. */
const MAX_PAGE_CHARACTERS = 4 * 1_048_576;
/** Records of anybody asked for at once. */
const MAX_PIECE_RECORDS = 4_096;
const MAX_LEADER_CHANGES = 5;
const [LEADER_PAUSE_MS, MAX_LEADER_PAUSE_MS] = [50, 1_000];

/** Reads the log a page at a time. Every failure is an `EventStoreError`. */
export class LogReader {
  readonly #server: LogServer;
  /** The end of the log as it was seen last, and our last event up to it. */
  #seen: { readonly end: Position; readonly head: Position | undefined } | undefined;

  constructor(server: LogServer) {
    this.#server = server;
  }

  /** Without `from`: from the first event, backwards from the last. */
  async readStream(stream: string, read: StreamRead, deadline: Deadline): Promise<readonly RecordedEvent[]> {
    const { records } = await this.#collect(
      () => this.#server.readStream(toServerStream(stream), read),
      deadline,
    );
    return records.map(toRecordedEvent);
  }

  /**
   * May answer fewer than there are; none only at the end of the log. What is not ours is read and passed over. Throws
   * `event-store-position-unknown` where the server does not read from `after`, because no record begins there.
   */
  async readAll(after: Position, limit: number, deadline: Deadline): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    let characters = 0;
    for await (const record of this.#forwards(after, limit, deadline)) {
      if (!isOurs(record)) continue;
      const event = toRecordedEvent(record);
      events.push(event);
      characters += event.data.length;
      if (events.length >= limit || characters >= MAX_PAGE_CHARACTERS) break;
    }
    return events;
  }

  /** Our last event, or nothing. Looks back only as far as it has not looked before. */
  async head(deadline: Deadline): Promise<Position | undefined> {
    let seen = this.#seen;
    let end: Position | undefined;
    let head: Position | undefined;
    for await (const record of this.#backwards(deadline)) {
      const position = positionOf(record) ?? START;
      // A log that ends before where it did is not the same any more.
      if (end === undefined && seen !== undefined && position < seen.end) seen = undefined;
      end ??= position;
      if (seen !== undefined && position <= seen.end) {
        head = seen.head;
        break;
      }
      if (!isOurs(record)) continue;
      head = position;
      break;
    }
    // Another call may have seen more meanwhile.
    if (end !== undefined && end > (this.#seen?.end ?? START)) this.#seen = { end, head };
    return head;
  }

  /** The last records of the log, whosever they are, newest first. */
  async lastRecords(limit: number, deadline: Deadline): Promise<readonly ServerRecord[]> {
    const page = { direction: 'backwards', limit } as const;
    return (await this.#collect(() => this.#server.readAll(page), deadline)).records;
  }

  async *#forwards(after: Position, limit: number, deadline: Deadline): AsyncGenerator<ServerRecord> {
    let from = after > START ? after : undefined;
    for (let wanted = limit + 1; ; wanted = Math.min(MAX_PIECE_RECORDS, wanted * 2)) {
      const read = () => this.#page({ direction: 'forwards', limit: wanted, ...at(from) }, deadline);
      const page = await read().catch((failure) => this.#afterFailure(failure, from, read, deadline));
      for (const record of page.records) {
        const position = positionOf(record) ?? START;
        // The record at `from` comes first, if it is still there.
        if (from !== undefined && position <= from) continue;
        from = position;
        yield record;
      }
      if (page.isWhole && page.records.length < wanted) return;
    }
  }

  /**
   * A server that answers otherwise, and fails again here, does not know the position. At the end of the log or behind it
   * there is nothing to be read, known or not.
   */
  async #afterFailure(
    failure: EventStoreError,
    from: Position | undefined,
    read: () => Promise<Page>,
    deadline: Deadline,
  ): Promise<Page> {
    if (from === undefined || !mayBePosition(failure)) throw failure;
    const head = (await this.head(deadline)) ?? START;
    if (from >= head) return { records: [], isWhole: true };
    return await read().catch((cause: EventStoreError) => {
      if (!mayBePosition(cause)) throw cause;
      throw new EventStoreError('event-store-position-unknown', `no event is at ${from} in this log`, {
        cause,
      });
    });
  }

  async *#backwards(deadline: Deadline): AsyncGenerator<ServerRecord> {
    let from: Position | undefined;
    for (let wanted = 1; ; wanted = Math.min(MAX_PIECE_RECORDS, wanted * 8)) {
      const page = await this.#page({ direction: 'backwards', limit: wanted, ...at(from) }, deadline);
      for (const record of page.records) {
        from = positionOf(record) ?? START;
        yield record;
      }
      if (page.isWhole && page.records.length < wanted) return;
    }
  }

  #page(read: AllRead, deadline: Deadline): Promise<Page> {
    return this.#collect(() => this.#server.readAll(read), deadline, MAX_PAGE_CHARACTERS);
  }

  /** All of a flow, or as much of it as fits. A node that no longer leads has answered nothing: the next one is asked. */
  async #collect(
    open: () => ServerFlow,
    deadline: Deadline,
    maxCharacters = Number.POSITIVE_INFINITY,
  ): Promise<Page> {
    const pauses = new Pauses(LEADER_PAUSE_MS, MAX_LEADER_PAUSE_MS);
    for (let changes = 0; ; changes += 1) {
      try {
        return await collect(open(), deadline.signal, maxCharacters);
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (isStreamNotFound(error)) return { records: [], isWhole: true };
        if (!isNotLeader(error) || changes >= MAX_LEADER_CHANGES) throw toEventStoreError(error);
        await pauses.next(deadline.signal);
      }
    }
  }
}

interface Page {
  readonly records: readonly ServerRecord[];
  /** Not cut short because it had grown large. */
  readonly isWhole: boolean;
}

function at(from: Position | undefined): { readonly from?: Position } {
  return from === undefined ? {} : { from };
}

async function collect(flow: ServerFlow, signal: AbortSignal, maxCharacters: number): Promise<Page> {
  using coming = new RecordFlow(flow);
  const records: ServerRecord[] = [];
  for (let characters = 0; characters < maxCharacters; ) {
    const record = await coming.next(signal);
    if (record === undefined) return { records, isWhole: true };
    records.push(record);
    characters += (record.event?.data as { length?: number } | undefined)?.length ?? 0;
  }
  return { records, isWhole: false };
}
