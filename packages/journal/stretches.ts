import type { CanonicalWriter } from './canonical-writer.ts';

/** Some members of an object that a writer has written, by where they stand in its text. */
export class Stretches {
  readonly #text: CanonicalWriter;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;

  constructor(text: CanonicalWriter) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** In the order of the text. Neighbours, with nothing but their comma between, become one. */
  add(start: number, end: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.#ends[last] === start - 1) this.#ends[last] = end;
    else {
      this.#starts[this.#count] = start;
      this.#ends[this.#count] = end;
      this.#count += 1;
    }
  }

  /** Writes the members, separated by commas, between two pieces of ASCII. */
  copyTo(target: CanonicalWriter, before: string, after: string): void {
    target.put(before);
    for (let at = 0; at < this.#count; at++) {
      if (at > 0) target.put(',');
      target.copy(this.#text, this.#starts[at] ?? 0, this.#ends[at] ?? 0);
    }
    target.put(after);
  }

  clear(): void {
    this.#count = 0;
  }
}
