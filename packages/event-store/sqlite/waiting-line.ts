import { EventStoreError } from '../errors.ts';
import { CommitBatch } from './commit-batch.ts';
import type { SqliteLimits } from './limits.ts';
import type { PendingCall } from './pending-call.ts';

export type LineLimits = Pick<
  SqliteLimits,
  'maxCommitEvents' | 'maxCommitCharacters' | 'maxQueuedEvents' | 'maxQueuedCharacters' | 'maxQueueMs'
>;

/**
 * Calls that wait for the writer, first come, first served. Bounded in size and in time: beyond that a call fails
 * with `event-store-overloaded`.
 */
export class WaitingLine {
  readonly #limits: LineLimits;
  readonly #calls: PendingCall[] = [];
  #events = 0;
  #characters = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  get events(): number {
    return this.#events;
  }

  get characters(): number {
    return this.#characters;
  }

  /** A call larger than the line itself is let in when nobody else waits: it would never find room. */
  join(call: PendingCall): void {
    const { maxQueuedEvents, maxQueuedCharacters } = this.#limits;
    const isRoom =
      this.#events + call.events <= maxQueuedEvents &&
      this.#characters + call.characters <= maxQueuedCharacters;
    if (!isRoom && !this.isEmpty) throw overloaded(`${this.#events} events wait for the writer`);
    this.#calls.push(call);
    this.#events += call.events;
    this.#characters += call.characters;
    this.#watchTime();
  }

  leave(call: PendingCall): void {
    const place = this.#calls.indexOf(call);
    if (place >= 0) this.#remove(place, 1);
  }

  /** Takes as much from the front as fits one commit; a call may be spread over several. */
  takeBatch(now: number): CommitBatch {
    const batch = new CommitBatch(now, this.#limits);
    const left = this.#calls.findIndex((call) => !batch.takeFrom(call));
    this.#remove(0, left < 0 ? this.#calls.length : left);
    return batch;
  }

  close(): void {
    clearTimeout(this.#patience);
  }

  #remove(place: number, count: number): void {
    for (const call of this.#calls.splice(place, count)) {
      this.#events -= call.events;
      this.#characters -= call.characters;
    }
  }

  #watchTime(): void {
    const oldest = this.#calls[0];
    if (!oldest || this.#patience) return;
    const waitedMs = performance.now() - oldest.since;
    this.#patience = setTimeout(() => this.#expire(), Math.max(0, this.#limits.maxQueueMs - waitedMs));
    this.#patience.unref();
  }

  #expire(): void {
    this.#patience = undefined;
    const latest = performance.now() - this.#limits.maxQueueMs;
    const inTime = this.#calls.findIndex((call) => call.since > latest);
    const late = this.#calls.slice(0, inTime < 0 ? this.#calls.length : inTime);
    for (const call of late)
      call.fail(overloaded(`the writer did not get to it in ${this.#limits.maxQueueMs} ms`));
    this.#remove(0, late.length);
    this.#watchTime();
  }
}

function overloaded(message: string): EventStoreError {
  return new EventStoreError('event-store-overloaded', message);
}
