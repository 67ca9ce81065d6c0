import type { Position } from '../event-store.ts';

/** Where an event is, and what it says. */
export interface KnownEvent {
  readonly position: Position;
  readonly version: number;
  readonly fingerprint: string;
}

/** What is known of a stream: its end, and its last events by their id. What is in it never changes; there may only be more. */
export class KnownStream {
  readonly #maxEvents: number;
  readonly #events = new Map<string, KnownEvent>();
  #last: number | undefined;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  /** Version of the last event; absent while there is none. */
  get last(): number | undefined {
    return this.#last;
  }

  get size(): number {
    return this.#events.size;
  }

  find(id: string): KnownEvent | undefined {
    return this.#events.get(id);
  }

  /** In the order of the stream. An id that is there twice keeps its first place, as far as that is known. */
  add(id: string, event: KnownEvent): void {
    this.#last = event.version;
    if (this.#events.has(id)) return;
    this.#events.set(id, event);
    if (this.#events.size <= this.#maxEvents) return;
    const [oldest] = this.#events.keys();
    if (oldest !== undefined) this.#events.delete(oldest);
  }
}
