/** Rate and remaining time of a piece of work, from when it began. */
export class Pace {
  readonly #startedAt: number;
  readonly #startedDone: number;

  /** `done` may be above nothing: what an earlier run did says nothing about this one's pace. */
  constructor(now: number, done: number) {
    this.#startedAt = now;
    this.#startedDone = done;
  }

  elapsedSeconds(now: number): number {
    return Math.max(0, (now - this.#startedAt) / 1_000);
  }

  /** Per second; nothing within the first half second, when it would only mislead. */
  rate(now: number, count: number): number | undefined {
    const seconds = this.elapsedSeconds(now);
    return seconds < 0.5 ? undefined : count / seconds;
  }

  remainingSeconds(now: number, done: number, total: number): number | undefined {
    const rate = this.rate(now, done - this.#startedDone);
    return rate === undefined || rate <= 0 ? undefined : Math.max(0, total - done) / rate;
  }
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatCount(count: number): string {
  return GROUPED.format(count);
}
