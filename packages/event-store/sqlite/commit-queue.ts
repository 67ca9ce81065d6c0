import type { Append, AppendResult } from '../event-store.ts';
import type { CommitBatch } from './commit-batch.ts';
import { PendingCall } from './pending-call.ts';
import { type LineLimits, WaitingLine } from './waiting-line.ts';
import type { GroupWriter } from './writer-protocol.ts';

/** A second group goes ahead only when it is worth a commit of its own; less than that waits and goes together. */
const MAX_GROUPS_IN_FLIGHT = 2;
const WORTHWHILE_EVENTS = 256;

export interface QueueStats {
  /** Groups committed, each in one transaction. */
  readonly commits: number;
  /** Events in the committed groups, repeats and rejected ones too. */
  readonly committedEvents: number;
  readonly queuedEvents: number;
  readonly queuedCharacters: number;
}

/** Group commit: while the writer commits, further appends gather here and go over together. */
export class CommitQueue {
  readonly #writer: GroupWriter;
  readonly #line: WaitingLine;
  readonly #clock: () => number;
  readonly #onCommit: () => void;
  #groupsInFlight = 0;
  #isScheduled = false;
  #drained: PromiseWithResolvers<void> | undefined;
  #commits = 0;
  #committedEvents = 0;

  constructor(writer: GroupWriter, limits: LineLimits, clock: () => number, onCommit: () => void) {
    this.#writer = writer;
    this.#line = new WaitingLine(limits);
    this.#clock = clock;
    this.#onCommit = onCommit;
  }

  get stats(): QueueStats {
    return {
      commits: this.#commits,
      committedEvents: this.#committedEvents,
      queuedEvents: this.#line.events,
      queuedCharacters: this.#line.characters,
    };
  }

  /** Throws what keeps the appends from being handed over. */
  append(appends: readonly Append[], signal?: AbortSignal): Promise<readonly AppendResult[]> {
    signal?.throwIfAborted();
    const call = new PendingCall(appends);
    this.#line.join(call);
    this.#schedule();
    return signal ? this.#untilAborted(call, signal) : call.outcome;
  }

  /** Resolves when every append is answered. To be called when nothing is added any more. */
  async drain(): Promise<void> {
    if (!this.#isIdle) {
      this.#drained ??= Promise.withResolvers();
      await this.#drained.promise;
    }
    this.#line.close();
  }

  get #isIdle(): boolean {
    return this.#line.isEmpty && this.#groupsInFlight === 0;
  }

  get #maySend(): boolean {
    if (this.#line.isEmpty) return false;
    if (this.#groupsInFlight === 0) return true;
    return this.#groupsInFlight < MAX_GROUPS_IN_FLIGHT && this.#line.events >= WORTHWHILE_EVENTS;
  }

  /** Waits for the end of the event loop's turn: whatever else this turn appends goes into the same group. */
  #schedule(): void {
    if (this.#isScheduled || !this.#maySend) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      while (this.#maySend) void this.#send(this.#line.takeBatch(this.#clock()));
      this.#settle();
    });
  }

  async #send(batch: CommitBatch): Promise<void> {
    this.#groupsInFlight += 1;
    try {
      batch.answer(await this.#writer.commit(batch.toGroup()));
      this.#commits += 1;
      this.#committedEvents += batch.events;
      this.#onCommit();
    } catch (error) {
      for (const call of batch.fail(error)) this.#line.leave(call);
    }
    this.#groupsInFlight -= 1;
    this.#schedule();
    this.#settle();
  }

  async #untilAborted(call: PendingCall, signal: AbortSignal): Promise<readonly AppendResult[]> {
    const withdraw = () => {
      call.fail(signal.reason);
      this.#line.leave(call);
    };
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      return await call.outcome;
    } finally {
      signal.removeEventListener('abort', withdraw);
    }
  }

  #settle(): void {
    if (this.#isIdle) this.#drained?.resolve();
  }
}
