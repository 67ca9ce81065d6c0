import { setTimeout as delay } from 'node:timers/promises';

/** How often the file is looked at while somebody waits. A look costs some microseconds. */
const LOOK_EVERY_MS = 4;

/** Tells waiters that the position has moved, whichever thread or process moved it. Nobody waiting, nothing looked at. */
export class PositionWatch {
  readonly #look: () => bigint;
  readonly #closing = new AbortController();
  #shared: Promise<bigint> | undefined;

  constructor(look: () => bigint) {
    this.#look = look;
  }

  async *moves(after: bigint, signal: AbortSignal): AsyncIterable<bigint> {
    let last = after;
    let position = this.#look();
    while (!signal.aborted && !this.#closing.signal.aborted) {
      if (position > last) {
        last = position;
        yield position;
      }
      position = await this.#next();
    }
  }

  close(): void {
    this.#closing.abort();
  }

  /** All waiters share one timer. */
  async #next(): Promise<bigint> {
    this.#shared ??= delay(LOOK_EVERY_MS).then(() => {
      this.#shared = undefined;
      return this.#look();
    });
    const shared = this.#shared;
    return shared;
  }
}
