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
    let events = 0;
    let characters = 0;
    for (const append of appends) {
      events += append.events.length;
      characters += charactersOf(append);
    }
    this.events = events;
    this.characters = characters;
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
  let characters = 0;
  for (const { data } of append.events) characters += data.length;
  return characters;
}
