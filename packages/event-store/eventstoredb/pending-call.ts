import { EventStoreError } from '../errors.ts';
import type { Append, AppendResult } from '../event-store.ts';

/** One append that waits for its turn. */
export interface Turn {
  readonly append: Append;
  readonly index: number;
  readonly call: PendingCall;
}

/** One call of `append` or `appendMany` on its way. Its appends may be answered in any order. */
export class PendingCall {
  readonly events: number;
  readonly characters: number;
  readonly turns: readonly Turn[];
  readonly #results = new Map<number, AppendResult>();
  readonly #outcome = Promise.withResolvers<readonly AppendResult[]>();
  readonly #patience: NodeJS.Timeout;
  #waiting: number;
  #isOver = false;

  /** Fails with `event-store-overloaded` when not all of it has begun after `maxQueueMs`. */
  constructor(appends: readonly Append[], maxQueueMs: number) {
    this.turns = appends.map((append, index) => ({ append, index, call: this }));
    this.events = appends.reduce((sum, { events }) => sum + events.length, 0);
    this.characters = appends.reduce((sum, append) => sum + charactersOf(append), 0);
    this.#waiting = appends.length;
    const late = () => this.fail(overloaded(`its turn did not come in ${maxQueueMs} ms`));
    this.#patience = setTimeout(late, maxQueueMs);
  }

  /** Settles when every append is answered, or with the first failure. */
  get outcome(): Promise<readonly AppendResult[]> {
    return this.#outcome.promise;
  }

  /** Nobody waits for it any more: what has not begun need not. */
  get isOver(): boolean {
    return this.#isOver;
  }

  begin(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) clearTimeout(this.#patience);
  }

  answer(index: number, result: AppendResult): void {
    this.#results.set(index, result);
    if (this.#isOver || this.#results.size < this.turns.length) return;
    this.#isOver = true;
    this.#outcome.resolve(this.turns.flatMap((turn) => this.#results.get(turn.index) ?? []));
  }

  fail(reason: unknown): void {
    clearTimeout(this.#patience);
    this.#isOver = true;
    this.#outcome.reject(reason);
  }
}

export function charactersOf({ events }: Append): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}

export function overloaded(message: string): EventStoreError {
  return new EventStoreError('event-store-overloaded', message);
}
