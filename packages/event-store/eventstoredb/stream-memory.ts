import type { KnownStream } from './known-stream.ts';

/** Streams that were written lately. Bounded by their events; the one that was not used for longest is forgotten first. */
export class StreamMemory {
  readonly #maxEvents: number;
  readonly #streams = new Map<string, { readonly stream: KnownStream; readonly size: number }>();
  #events = 0;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  get events(): number {
    return this.#events;
  }

  recall(name: string): KnownStream | undefined {
    return this.#streams.get(name)?.stream;
  }

  /** Also after it has grown. A stream counts as one event at least. */
  keep(name: string, stream: KnownStream): void {
    this.forget(name);
    const size = Math.max(1, stream.size);
    this.#streams.set(name, { stream, size });
    this.#events += size;
    for (const oldest of this.#streams.keys()) {
      if (this.#events <= this.#maxEvents) break;
      this.forget(oldest);
    }
  }

  forget(name: string): void {
    this.#events -= this.#streams.get(name)?.size ?? 0;
    this.#streams.delete(name);
  }
}
