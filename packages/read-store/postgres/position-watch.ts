import { ReadStoreError } from '../errors.ts';

/** How often the position is looked at while somebody waits and nothing is heard: when a connection broke, or on a standby. */
const LOOK_EVERY_MS = 100;

export interface PositionWatchOptions {
  readonly look: () => Promise<bigint>;
  /** Called when somebody waits. */
  readonly onWait: () => void;
}

/** Tells waiters that the position has moved, whichever process moved it. Nobody waiting, nothing looked at. */
export class PositionWatch {
  readonly #options: PositionWatchOptions;
  readonly #closing = new AbortController();
  #heard = Promise.withResolvers<void>();
  #shared: Promise<bigint | undefined> | undefined;

  constructor(options: PositionWatchOptions) {
    this.#options = options;
  }

  /** The position may have moved. */
  wake(): void {
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }

  /** A database that is away for a while is waited for, as long as the waiter has patience. */
  async *moves(after: bigint, signal: AbortSignal): AsyncIterable<bigint> {
    const { promise: ended, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => resolve(undefined);
    const signals = [signal, this.#closing.signal];
    for (const one of signals) one.addEventListener('abort', end);
    try {
      let last = after;
      let position = await this.#look();
      while (signals.every((one) => !one.aborted)) {
        if (position !== undefined && position > last) {
          last = position;
          yield position;
        }
        position = await Promise.race([this.#next(), ended]);
      }
    } finally {
      for (const one of signals) one.removeEventListener('abort', end);
    }
  }

  close(): void {
    this.#closing.abort();
    this.wake();
  }

  /** All waiters share one look. */
  #next(): Promise<bigint | undefined> {
    this.#options.onWait();
    this.#shared ??= this.#lookLater().finally(() => {
      this.#shared = undefined;
    });
    return this.#shared;
  }

  async #lookLater(): Promise<bigint | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOOK_EVERY_MS);
    });
    await Promise.race([this.#heard.promise, pause]);
    clearTimeout(timer);
    return this.#closing.signal.aborted ? undefined : this.#look();
  }

  async #look(): Promise<bigint | undefined> {
    try {
      return await this.#options.look();
    } catch (failure) {
      if (this.#closing.signal.aborted) return undefined;
      if (failure instanceof ReadStoreError && failure.isRetryable) return undefined;
      throw failure;
    }
  }
}
