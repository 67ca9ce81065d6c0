import type { Append } from '../event-store.ts';
import { toGroup } from './commit-group.ts';
import { ResultReader } from './group-outcome.ts';
import type { SqliteLimits } from './limits.ts';
import { charactersOf, type PendingCall } from './pending-call.ts';
import type { CommitGroup, CommittedGroup } from './writer-protocol.ts';

/** One group with the calls its appends came from. */
export class CommitBatch {
  readonly #now: number;
  readonly #appends: Append[] = [];
  readonly #calls: PendingCall[] = [];
  #events = 0;
  #eventRoom: number;
  #characterRoom: number;

  constructor(now: number, limits: Pick<SqliteLimits, 'maxCommitEvents' | 'maxCommitCharacters'>) {
    this.#now = now;
    this.#eventRoom = limits.maxCommitEvents;
    this.#characterRoom = limits.maxCommitCharacters;
  }

  get events(): number {
    return this.#events;
  }

  /** What is handed over. To be asked for once. */
  toGroup(): CommitGroup {
    return toGroup(this.#now, this.#appends);
  }

  /** Takes what still fits. Answers whether that was all the call had left. */
  takeFrom(call: PendingCall): boolean {
    for (let append = call.next; append; append = call.next) {
      if (!this.#fits(append)) return false;
      call.take();
      this.#events += append.events.length;
      this.#appends.push(append);
      this.#calls.push(call);
    }
    return true;
  }

  answer(committed: CommittedGroup): void {
    const results = new ResultReader(committed);
    for (let place = 0; place < this.#appends.length; place++) {
      this.#calls[place]?.answer(results.next(this.#appends[place]?.events ?? []));
    }
  }

  /** Answers the calls that failed with it. */
  fail(reason: unknown): ReadonlySet<PendingCall> {
    const calls = new Set(this.#calls);
    for (const call of calls) call.fail(reason);
    return calls;
  }

  /** An append is never split; the first one fits whatever its size. */
  #fits(append: Append): boolean {
    this.#eventRoom -= append.events.length;
    this.#characterRoom -= charactersOf(append);
    return this.#appends.length === 0 || (this.#eventRoom >= 0 && this.#characterRoom >= 0);
  }
}
