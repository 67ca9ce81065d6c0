import type { KnownFacts } from './projection.ts';

/** Held at once: 11 MiB of those that name two identifiers, 30 MiB of those that name seven. */
const MAX_FACTS = 60_000;
/** A longer one is not held: those that name 17 would be 60 MiB, half the heap of a thread that folds. */
const MAX_FACT_LENGTH = 200;

/**
 * What folds have found out and no fold makes untrue again, so that later events need not look at the rows it was read from.
 * In memory alone and bounded: a fact may be forgotten at any time, those asked for last latest.
 */
export class Facts implements KnownFacts {
  readonly #half: number;
  /** Of two generations one is filled, the other still answers. */
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  /** Of the event under way. */
  #noted: (readonly [fact: string, value: number])[] = [];

  constructor(max = MAX_FACTS) {
    this.#half = Math.ceil(max / 2);
  }

  get(fact: string): number | undefined {
    const value = this.#young.get(fact);
    if (value !== undefined) return value;
    const older = this.#old.get(fact);
    if (older !== undefined) this.#keep(fact, older);
    return older;
  }

  /** Holds for later events, if the changes of the event under way are kept. */
  set(fact: string, value: number): void {
    if (fact.length <= MAX_FACT_LENGTH) this.#noted.push([fact, value]);
  }

  keep(): void {
    if (this.#noted.length === 0) return;
    for (const [fact, value] of this.#noted) this.#keep(fact, value);
    this.#noted = [];
  }

  takeBack(): void {
    if (this.#noted.length > 0) this.#noted = [];
  }

  #keep(fact: string, value: number): void {
    if (this.#young.size >= this.#half && !this.#young.has(fact)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(fact, value);
  }
}
