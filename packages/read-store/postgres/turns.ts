interface Waiting {
  readonly go: () => void;
  readonly refuse: (failure: Error) => void;
}

/** So many at once; the others wait in the order in which they came, until it is closed. */
export class Turns {
  readonly #closed: () => Error;
  readonly #waiting: Waiting[] = [];
  readonly #atOnce: number;
  readonly #drained = Promise.withResolvers<void>();
  #free: number;
  #isClosed = false;

  constructor(atOnce: number, closed: () => Error) {
    this.#atOnce = atOnce;
    this.#free = atOnce;
    this.#closed = closed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws what `closed` makes when there is no turn any more. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw this.#closed();
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((go, refuse) => this.#waiting.push({ go, refuse }));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next.go();
      this.#look();
    }
  }

  /** Who waits is refused; who has a turn keeps it, and the last of them is waited for. */
  close(): Promise<void> {
    this.#isClosed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(this.#closed());
    this.#look();
    return this.#drained.promise;
  }

  #look(): void {
    if (this.#isClosed && this.#free === this.#atOnce) this.#drained.resolve();
  }
}
