import type { Foldable } from '../projection.ts';
import type { Source } from '../projector.ts';
import type { Progress } from '../steps.ts';
import type { RebuildReport, Verification } from './rebuild-job.ts';

/** Time over which the rate is taken. */
const RATE_OVER_MS = 5_000;

/** How far a rebuild is, in words for people and machines. */
export class RebuildProgress<Event extends Foldable> {
  readonly #source: Source<Event>;
  generation: number | undefined;
  verification: Verification | null;
  /** The live projector folds on; this worker's part is over. */
  isTakenOver = false;
  /** Head of the log when the work began. */
  target = 0n;
  #position = 0n;
  #events = 0;
  #total = 0;
  readonly #secondsBefore: number;
  readonly #began = performance.now();
  /** Events folded by some moments of late. */
  #samples: { at: number; events: number }[] = [];

  constructor(source: Source<Event>, before: RebuildReport | null) {
    this.#source = source;
    this.generation = before?.generation;
    this.verification = before?.verification ?? null;
    this.#secondsBefore = before?.seconds ?? 0;
  }

  async begin(position: bigint): Promise<void> {
    this.target = await this.#source.head();
    this.#position = position;
    this.#events = await this.#count(0n, position);
    this.#total = this.#events + (await this.#count(position, this.target));
    this.#samples = [{ at: performance.now(), events: this.#events }];
  }

  folded({ position, events }: Progress): void {
    this.#position = position;
    this.#events += events;
    const now = performance.now();
    this.#samples.push({ at: now, events: this.#events });
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) > RATE_OVER_MS)
      this.#samples.shift();
  }

  report(): RebuildReport {
    const total = Math.max(this.#total, this.#events);
    const isDone = this.#position >= this.target;
    const rate = this.#rate();
    return {
      generation: this.generation ?? 0,
      position: String(this.#position),
      target: String(this.target > this.#position ? this.target : this.#position),
      events: this.#events,
      total,
      percent: isDone ? 100 : Math.min(99.9, Math.floor((1_000 * this.#events) / Math.max(total, 1)) / 10),
      rate,
      eta: isDone ? 0 : rate > 0 ? Math.ceil((total - this.#events) / rate) : null,
      memoryBytes: process.memoryUsage.rss(),
      seconds: this.#secondsBefore + Math.round((performance.now() - this.#began) / 100) / 10,
      verification: this.verification,
      failure: null,
    };
  }

  #rate(): number {
    const first = this.#samples[0];
    if (first === undefined) return 0;
    const seconds = (performance.now() - first.at) / 1_000;
    return seconds < 0.001 ? 0 : Math.round((this.#events - first.events) / seconds);
  }

  async #count(after: bigint, upTo: bigint): Promise<number> {
    return after >= upTo ? 0 : this.#source.count({ after, upTo });
  }
}
