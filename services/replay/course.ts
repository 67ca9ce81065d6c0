const SPAN_MS = 30_000;
const STEP_MS = 1_000;

interface Place {
  readonly at: number;
  readonly position: bigint;
}

/** Where a read model was over the last half minute, a place a second. Times are milliseconds since the epoch. */
export class Course {
  readonly #places: Place[] = [];
  #movedAt: number | undefined;

  add(at: number, position: bigint): void {
    const last = this.#places.at(-1);
    if (last === undefined || last.position !== position || at < last.at) this.#movedAt = at;
    // A rollback goes back in the log, and a clock may: what was before says nothing about the pace any more.
    if (last !== undefined && (position < last.position || at < last.at)) this.#places.length = 0;
    else if (this.#isDense()) this.#places.pop();
    this.#places.push({ at, position });
    while ((this.#places[0]?.at ?? at) < at - SPAN_MS) this.#places.shift();
  }

  /** From the first to the last place known. */
  span(): { readonly from: bigint; readonly to: bigint; readonly seconds: number } {
    const first = this.#places[0];
    const last = this.#places.at(-1);
    if (first === undefined || last === undefined) return { from: 0n, to: 0n, seconds: 0 };
    return { from: first.position, to: last.position, seconds: (last.at - first.at) / 1_000 };
  }

  /** Milliseconds since it was first seen where it is. */
  stoodFor(now: number): number {
    return this.#movedAt === undefined ? 0 : Math.max(0, now - this.#movedAt);
  }

  /** Whoever looks more often than once a step replaces the last place. */
  #isDense(): boolean {
    const [before, last] = this.#places.slice(-2);
    return before !== undefined && last !== undefined && last.at - before.at < STEP_MS;
  }
}
