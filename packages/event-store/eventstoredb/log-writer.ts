import { EventStoreError } from '../errors.ts';
import type { Append, AppendResult, NewEvent, RecordedEvent } from '../event-store.ts';
import { decide, receiptsOf } from './append-decision.ts';
import { isNotLeader, isWrongRevision, toEventStoreError } from './client-errors.ts';
import type { Deadline } from './deadline.ts';
import { toServerEvent, toServerStream } from './event-codec.ts';
import { type KnownEvent, KnownStream } from './known-stream.ts';
import type { EventStoreDbLimits } from './limits.ts';
import type { LogReader } from './log-reader.ts';
import type { LogServer } from './log-server.ts';
import { Pauses } from './pauses.ts';
import { StreamMemory } from './stream-memory.ts';

/** Attempts to append while others do; with the pauses between them it is the deadline that ends most. */
const MAX_CONFLICTS = 50;
const [CONFLICT_PAUSE_MS, MAX_CONFLICT_PAUSE_MS] = [5, 250];

export type WriterLimits = Pick<EventStoreDbLimits, 'maxScannedEvents' | 'maxRememberedEvents'>;

/**
 * Appends to one stream so that a repeat is found: the stream's last events are looked through for the ids, and what is new
 * is stored only if the stream still ends where it did then. If it does not, somebody else has appended: what they have is
 * looked through too. So within what is looked through no id is stored twice, by however many processes at once.
 *
 * To be called once at a time for one stream.
 */
export class LogWriter {
  readonly #server: LogServer;
  readonly #reader: LogReader;
  readonly #limits: WriterLimits;
  readonly #memory: StreamMemory;

  constructor(server: LogServer, reader: LogReader, limits: WriterLimits) {
    this.#server = server;
    this.#reader = reader;
    this.#limits = limits;
    this.#memory = new StreamMemory(limits.maxRememberedEvents);
  }

  /** Throws `EventStoreError`; then the events may have been stored all the same. */
  async append(append: Append, deadline: Deadline): Promise<AppendResult> {
    const pauses = new Pauses(CONFLICT_PAUSE_MS, MAX_CONFLICT_PAUSE_MS);
    let known = this.#memory.recall(append.stream);
    let isCurrent = known === undefined;
    known ??= await this.#look(append.stream, deadline);
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      const decision = decide(append, known);
      if ('fresh' in decision) {
        const result = await this.#store(append, decision.fresh, known, deadline);
        if (result !== undefined) return result;
        await pauses.next(deadline.signal);
      } else if (isCurrent || !isAboutRevision(decision.answer)) {
        return decision.answer;
      }
      known = await this.#lookAgain(append.stream, known, deadline);
      isCurrent = true;
    }
    throw new EventStoreError('event-store-busy', 'others append to the same stream all the time');
  }

  /** Nothing when the stream ends elsewhere, or nobody led: then nothing was stored. */
  async #store(
    append: Append,
    fresh: readonly NewEvent[],
    known: KnownStream,
    deadline: Deadline,
  ): Promise<AppendResult | undefined> {
    try {
      const placed = await this.#place(append.stream, fresh, known, deadline);
      const receipts = receiptsOf(append, known, placed);
      for (const [id, event] of placed) known.add(id, event);
      this.#memory.keep(append.stream, known);
      return { ok: true, receipts };
    } catch (error) {
      if (isWrongRevision(error) || isNotLeader(error)) return undefined;
      // Whether they were stored nobody knows now.
      this.#memory.forget(append.stream);
      deadline.signal.throwIfAborted();
      throw toEventStoreError(error);
    }
  }

  async #place(
    stream: string,
    events: readonly NewEvent[],
    known: KnownStream,
    deadline: Deadline,
  ): Promise<ReadonlyMap<string, KnownEvent>> {
    const { last } = known;
    const call = this.#server.append(toServerStream(stream), events.map(toServerEvent), {
      last: last === undefined ? undefined : BigInt(last),
      deadlineMs: deadline.leftMs,
    });
    const { lastRevision, position } = await deadline.bound(call);
    const [only, ...more] = events;
    if (only !== undefined && more.length === 0 && position !== undefined) {
      return new Map([[only.id, { position, version: Number(lastRevision), fingerprint: only.fingerprint }]]);
    }
    // The server tells one position for all of them; each has its own.
    const from = lastRevision - BigInt(events.length - 1);
    const stored = await this.#reader.readStream(
      stream,
      { direction: 'forwards', from, limit: events.length },
      deadline,
    );
    return new Map(stored.map((event) => [event.id, event]));
  }

  async #look(stream: string, deadline: Deadline): Promise<KnownStream> {
    const limit = this.#limits.maxScannedEvents;
    const newestFirst = await this.#reader.readStream(stream, { direction: 'backwards', limit }, deadline);
    return this.#remember(stream, new KnownStream(limit), newestFirst.toReversed());
  }

  async #lookAgain(stream: string, known: KnownStream, deadline: Deadline): Promise<KnownStream> {
    const limit = this.#limits.maxScannedEvents;
    const from = BigInt((known.last ?? -1) + 1);
    const later = await this.#reader.readStream(stream, { direction: 'forwards', from, limit }, deadline);
    // None: the stream is not what it was, a server that was set back for one. Many: the last may not be among them.
    const isContinued = later.length > 0 && later.length < limit;
    return isContinued ? this.#remember(stream, known, later) : this.#look(stream, deadline);
  }

  #remember(stream: string, known: KnownStream, events: readonly RecordedEvent[]): KnownStream {
    for (const { id, position, version, fingerprint } of events)
      known.add(id, { position, version, fingerprint });
    this.#memory.keep(stream, known);
    return known;
  }
}

function isAboutRevision(result: AppendResult): boolean {
  return !result.ok && result.code === 'wrong-expected-revision';
}
