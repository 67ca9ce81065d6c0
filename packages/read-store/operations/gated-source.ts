import { setTimeout as delay } from 'node:timers/promises';
import type { Foldable } from '../projection.ts';
import type { Source } from '../projector.ts';

/** A throttled source gives something this often, so that it is never taken for one that has caught up. */
const THROTTLED_PAUSE_MS = 200;

/** A source that can be held at a position, and slowed down. */
export class GatedSource<Event extends Foldable> implements Source<Event> {
  readonly #source: Source<Event>;
  readonly #pacedEvents: number;
  #released: bigint;
  #upTo: bigint | undefined;
  /** When the next events are due. */
  #due = 0;
  #moved = Promise.withResolvers<void>();

  /** `after`: where folding begins. `eventsPerSecond`: at most so many are given; without it as many as are taken. */
  constructor(source: Source<Event>, options: { after: bigint; eventsPerSecond?: number | undefined }) {
    this.#source = source;
    this.#released = options.after;
    const perPause = ((options.eventsPerSecond ?? Number.POSITIVE_INFINITY) * THROTTLED_PAUSE_MS) / 1_000;
    this.#pacedEvents = Math.max(1, Math.floor(perPause));
  }

  /** Gives nothing more. Answers the position of the last event given. */
  hold(): bigint {
    this.#upTo = this.#released;
    return this.#released;
  }

  /** Gives events up to this position, or all. */
  open(upTo?: bigint): void {
    this.#upTo = upTo;
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }

  head(): Promise<bigint> {
    return this.#source.head();
  }

  count(range: { after: bigint; upTo: bigint }): Promise<number> {
    return this.#source.count(range);
  }

  readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]> {
    return this.#source.readSubject(subject, options);
  }

  async *subscribe(options: {
    after: bigint;
    maxBatchEvents: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly Event[]> {
    const { signal } = options;
    this.#released = options.after;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for await (const batch of this.#source.subscribe(options)) {
      for (let rest = batch; rest.length > 0 && !signal.aborted; ) {
        const part = this.#allowed(rest);
        const last = part.at(-1);
        if (last === undefined) {
          await Promise.race([this.#moved.promise, aborted]);
          continue;
        }
        this.#released = last.position;
        yield part;
        rest = rest.slice(part.length);
        if (this.#pacedEvents !== Number.POSITIVE_INFINITY) await this.#pace(part.length, signal);
      }
      if (signal.aborted) return;
    }
  }

  #allowed(events: readonly Event[]): readonly Event[] {
    const upTo = this.#upTo;
    const paced = events.length <= this.#pacedEvents ? events : events.slice(0, this.#pacedEvents);
    return upTo === undefined ? paced : paced.filter(({ position }) => position <= upTo);
  }

  /** The time that was spent on the last events counts; what could not be kept up with is not caught up on. */
  async #pace(events: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const earliest = Math.max(this.#due, now - THROTTLED_PAUSE_MS);
    this.#due = earliest + (events / this.#pacedEvents) * THROTTLED_PAUSE_MS;
    if (this.#due > now) await delay(this.#due - now, undefined, { signal }).catch(() => {});
  }
}
