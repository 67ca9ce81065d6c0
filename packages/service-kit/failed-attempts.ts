import type { Clock } from './clock.ts';

/**
 * Counts failed attempts per address in fixed windows. Memory is bounded: the address seen first is forgotten first.
 * Only failing attempts are held back, a valid token always passes: many clients share an address (a proxy, the
 * loopback), and tokens are too long to be guessed; the limit protects the log and the processor.
 */
export class FailedAttempts {
  readonly #windows = new Map<string, { since: number; count: number }>();
  readonly #maxPerWindow: number;
  readonly #windowMs: number;
  readonly #maxAddresses: number;
  readonly #clock: Clock;

  constructor(options: { maxPerWindow?: number; windowMs?: number; maxAddresses?: number; clock: Clock }) {
    this.#maxPerWindow = options.maxPerWindow ?? 20;
    this.#windowMs = options.windowMs ?? 60_000;
    this.#maxAddresses = options.maxAddresses ?? 10_000;
    this.#clock = options.clock;
  }

  /** Counts one more failure. Answers 0, or, beyond the limit, the seconds until the window ends. */
  record(address: string): number {
    const now = this.#clock.now();
    let window = this.#windows.get(address);
    if (window === undefined || now - window.since >= this.#windowMs) {
      this.#windows.delete(address);
      window = { since: now, count: 0 };
      this.#windows.set(address, window);
      this.#forgetOldest();
    }
    window.count += 1;
    if (window.count <= this.#maxPerWindow) return 0;
    return Math.max(1, Math.ceil((window.since + this.#windowMs - now) / 1000));
  }

  #forgetOldest(): void {
    if (this.#windows.size <= this.#maxAddresses) return;
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}
