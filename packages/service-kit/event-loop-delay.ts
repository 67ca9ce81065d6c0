const LOOK_EVERY_MS = 500;

/** How late the event loop is. One timer twice a second: a histogram of Node wakes a process at rest a hundred times a second. */
export class EventLoopDelay {
  readonly #timer: NodeJS.Timeout;
  #lookedAt = performance.now();
  #lateMs = 0;
  #lateBefore = 0;

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** How much later than due both of the last two looks were: a single stall is over when it is noticed. */
  get lateMs(): number {
    return Math.min(this.#lateMs, this.#lateBefore);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#lateBefore = this.#lateMs;
    this.#lateMs = Math.max(0, now - this.#lookedAt - LOOK_EVERY_MS);
    this.#lookedAt = now;
  }
}
