import type { Foldable, Source } from '../index.ts';

/** A log in memory. Read in batches of the sizes given, over and over; then of the size asked for. */
export class EventList<Event extends Foldable> implements Source<Event> {
  readonly events: Event[];
  readonly #batchSizes: readonly number[];
  #grown = Promise.withResolvers<void>();

  constructor(events: readonly Event[] = [], batchSizes: readonly number[] = []) {
    this.events = [...events];
    this.#batchSizes = batchSizes;
  }

  append(...events: readonly Event[]): void {
    this.events.push(...events);
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  /** Logs that begin with the same event are taken for one. */
  async mark(): Promise<string | undefined> {
    const [first] = this.events;
    return first && `${first.position} of ${first.subject}, recorded at ${first.recordedAt}`;
  }

  async head(): Promise<bigint> {
    return this.events.at(-1)?.position ?? 0n;
  }

  async count({ after, upTo }: { after: bigint; upTo: bigint }): Promise<number> {
    return this.events.filter(({ position }) => position > after && position <= upTo).length;
  }

  async readSubject(
    subject: string,
    { from, limit }: { from: number; limit: number },
  ): Promise<readonly Event[]> {
    return this.events.filter((event) => event.subject === subject && event.version >= from).slice(0, limit);
  }

  async *subscribe(options: {
    after: bigint;
    maxBatchEvents: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly Event[]> {
    const { after, maxBatchEvents, signal } = options;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    let at = this.events.findIndex((event) => event.position > after);
    if (at === -1) at = this.events.length;
    for (let batch = 0; !signal.aborted; batch++) {
      const size = this.#batchSizes[batch % (this.#batchSizes.length || 1)] ?? maxBatchEvents;
      const events = this.events.slice(at, at + Math.min(size, maxBatchEvents));
      at += events.length;
      if (events.length > 0) yield events;
      else await Promise.race([this.#grown.promise, aborted]);
    }
  }
}
