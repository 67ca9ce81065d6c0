import { isBusy } from '@touchline/sqlite';
import type { Statement } from 'better-sqlite3';

/** SQLite's own waiting sleeps up to 100 ms at a time and so never meets the gaps a busy writer leaves. */
const RETRY_MS = 0.25;
/** After this long a hold the next process is let in before this one asks again. */
const LONG_HOLD_MS = 10;
const COURTESY_MS = 0.5;

const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/** The right to write, shared by all processes on the file. For the writer thread, which may sleep. */
export class WriteLock {
  readonly #begin: Statement<[]>;
  readonly #maxWaitMs: number;
  #takenAt = 0;

  /** `begin` must fail at once when another process holds the lock. */
  constructor(begin: Statement<[]>, maxWaitMs: number) {
    this.#begin = begin;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Throws SQLITE_BUSY when the lock does not become free in time. */
  take(): void {
    const deadline = performance.now() + this.#maxWaitMs;
    while (!this.#tryTake(deadline)) sleep(RETRY_MS);
    this.#takenAt = performance.now();
  }

  /** To be called once the transaction has ended. */
  giveWay(): void {
    if (performance.now() - this.#takenAt > LONG_HOLD_MS) sleep(COURTESY_MS);
  }

  #tryTake(deadline: number): boolean {
    try {
      this.#begin.run();
      return true;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      return false;
    }
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(neverWoken, 0, 0, milliseconds);
}
