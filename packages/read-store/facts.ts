import type { KnownFacts } from './projection.ts';

/** Bytes held at once, about: a fact is counted as its characters and what a map needs besides. Beyond Latin script they may be 28 MiB. */
const MAX_BYTES = 20 * 2 ** 20;
const BYTES_BESIDES = 130;
/** A longer one is not held: few would push out many. */
const MAX_FACT_LENGTH = 200;

/**
 * What folds have found out and no fold makes untrue again, so that later events need not look at the rows it was read from.
 * In memory alone and bounded: a fact may be forgotten at any time, those asked for last latest.
 */
export class Facts implements KnownFacts {
  readonly #halfBytes: number;
  /** Of two generations one is filled, the other still answers. */
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  /** Of the young. */
  #bytes = 0;
  /** Of the event under way. */
  #noted: (readonly [fact: string, value: number])[] = [];

  constructor(maxBytes = MAX_BYTES) {
    this.#halfBytes = maxBytes / 2;
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
    if (!this.#young.has(fact)) this.#makeRoom(fact.length + BYTES_BESIDES);
    this.#young.set(fact, value);
  }

  #makeRoom(bytes: number): void {
    if (this.#bytes + bytes > this.#halfBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    this.#bytes += bytes;
  }
}
