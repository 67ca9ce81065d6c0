import type { Append, AppendResult } from '../event-store.ts';

/** One call of `append` or `appendMany` on its way through one or more groups. */
export class PendingCall {
  readonly appends: readonly Append[];
  readonly events: number;
  readonly characters: number;
  readonly since = performance.now();
  readonly #results: AppendResult[] = [];
  readonly #outcome = Promise.withResolvers<readonly AppendResult[]>();
  #taken = 0;

  constructor(appends: readonly Append[]) {
    this.appends = appends;
    this.events = appends.reduce((sum, { events }) => sum + events.length, 0);
    this.characters = appends.reduce((sum, append) => sum + charactersOf(append), 0);
  }

  /** Settles when every append is answered, or with the first failure. */
  get outcome(): Promise<readonly AppendResult[]> {
    return this.#outcome.promise;
  }

  /** The next append to hand over. */
  get next(): Append | undefined {
    return this.appends[this.#taken];
  }

  take(): void {
    this.#taken += 1;
  }

  /** Answers come in the order of the appends. */
  answer(result: AppendResult): void {
    this.#results.push(result);
    if (this.#results.length === this.appends.length) this.#outcome.resolve(this.#results);
  }

  fail(reason: unknown): void {
    this.#outcome.reject(reason);
  }
}

export function charactersOf(append: Append): number {
  return append.events.reduce((sum, { data }) => sum + data.length, 0);
}
