import type { Append, AppendResult } from '../event-store.ts';
import type { EventStoreDbLimits } from './limits.ts';
import { charactersOf, overloaded, PendingCall, type Turn } from './pending-call.ts';

export type LaneLimits = Pick<
  EventStoreDbLimits,
  'maxAppendsInFlight' | 'maxQueuedEvents' | 'maxQueuedCharacters' | 'maxQueueMs'
>;

type Write = (append: Append) => Promise<AppendResult>;

/**
 * Appends to one stream go one after the other, in the order given; those to different streams go side by side, as many at
 * once as the limit says. Bounded in size and in time: beyond that a call fails with `event-store-overloaded`.
 */
export class AppendLanes {
  readonly #write: Write;
  readonly #limits: LaneLimits;
  /** What waits, by stream. A stream with nothing waiting and nothing under way has no lane. */
  readonly #lanes = new Map<string, Turn[]>();
  /** Streams with something waiting and nothing under way, in the order of their turn. */
  readonly #ready = new Set<string>();
  #events = 0;
  #characters = 0;
  #inFlight = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(write: Write, limits: LaneLimits) {
    this.#write = write;
    this.#limits = limits;
  }

  /** Throws what keeps the appends from being handed over. */
  async append(appends: readonly Append[], signal?: AbortSignal): Promise<readonly AppendResult[]> {
    signal?.throwIfAborted();
    this.#checkRoom(appends);
    const call = new PendingCall(appends, this.#limits.maxQueueMs);
    const withdraw = () => call.fail(signal?.reason);
    signal?.addEventListener('abort', withdraw, { once: true });
    for (const turn of call.turns) this.#enter(turn);
    this.#advance();
    try {
      return await call.outcome;
    } finally {
      signal?.removeEventListener('abort', withdraw);
    }
  }

  /** Resolves when every append is answered. To be called when nothing is added any more. */
  async drain(): Promise<void> {
    if (this.#lanes.size === 0) return;
    this.#drained ??= Promise.withResolvers();
    await this.#drained.promise;
  }

  /** A call larger than all the room is let in when nobody else waits: it would never find room. */
  #checkRoom(appends: readonly Append[]): void {
    const { maxQueuedEvents, maxQueuedCharacters } = this.#limits;
    let events = this.#events;
    let characters = this.#characters;
    for (const append of appends) {
      events += append.events.length;
      characters += charactersOf(append);
    }
    const isRoom = events <= maxQueuedEvents && characters <= maxQueuedCharacters;
    if (!isRoom && this.#events > 0) throw overloaded(`${this.#events} events wait for the event store`);
  }

  #enter(turn: Turn): void {
    const { append } = turn;
    this.#events += append.events.length;
    this.#characters += charactersOf(append);
    const lane = this.#lanes.get(append.stream);
    if (lane !== undefined) {
      lane.push(turn);
      return;
    }
    this.#lanes.set(append.stream, [turn]);
    this.#ready.add(append.stream);
  }

  #advance(): void {
    for (const stream of this.#ready) {
      if (this.#inFlight >= this.#limits.maxAppendsInFlight) return;
      this.#ready.delete(stream);
      const turn = this.#take(stream);
      if (turn !== undefined) void this.#go(turn);
    }
    if (this.#lanes.size === 0) this.#drained?.resolve();
  }

  /** The next append to the stream that somebody still waits for; without one the lane is given up. */
  #take(stream: string): Turn | undefined {
    const lane = this.#lanes.get(stream) ?? [];
    for (let turn = lane.shift(); turn !== undefined; turn = lane.shift()) {
      this.#events -= turn.append.events.length;
      this.#characters -= charactersOf(turn.append);
      turn.call.begin();
      if (!turn.call.isOver) return turn;
    }
    this.#lanes.delete(stream);
    return undefined;
  }

  async #go({ append, index, call }: Turn): Promise<void> {
    this.#inFlight += 1;
    try {
      call.answer(index, await this.#write(append));
    } catch (error) {
      call.fail(error);
    }
    this.#inFlight -= 1;
    this.#ready.add(append.stream);
    this.#advance();
  }
}
