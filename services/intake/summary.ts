import type { OutcomeCounts } from './outcome-counts.ts';
import type { Rejection } from './rejection.ts';

/** What became of an upload. */
export interface Summary {
  readonly accepted: number;
  /** Recorded before: the same source and id with the same content. */
  readonly duplicates: number;
  readonly rejected: number;
  /** The furthest place in the log among those accepted and recorded before; `null` when there is none. */
  readonly position: string | null;
  /** The first ones; `rejected` counts all. */
  readonly rejections: readonly Rejection[];
}

/** Adds up what becomes of an upload, in its order. Memory is bounded: rejections beyond the limit are only counted. */
export class Tally {
  readonly #maxRejections: number;
  readonly #counts: OutcomeCounts;
  readonly #rejections: Rejection[] = [];
  #accepted = 0;
  #duplicates = 0;
  #rejected = 0;
  #position = 0n;

  constructor(maxRejections: number, counts: OutcomeCounts) {
    this.#maxRejections = maxRejections;
    this.#counts = counts;
  }

  recorded(position: bigint, isDuplicate: boolean): void {
    if (isDuplicate) this.#duplicates += 1;
    else this.#accepted += 1;
    this.#counts.recorded(isDuplicate);
    if (position > this.#position) this.#position = position;
  }

  /** So many would be accepted; nothing was recorded. */
  valid(count: number): void {
    this.#accepted += count;
  }

  rejected(rejection: Rejection): void {
    this.#rejected += 1;
    this.#counts.rejected();
    if (this.#rejections.length < this.#maxRejections) this.#rejections.push(rejection);
  }

  get position(): bigint | undefined {
    return this.#position > 0n ? this.#position : undefined;
  }

  summary(): Summary {
    return {
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      position: this.position?.toString() ?? null,
      rejections: this.#rejections,
    };
  }
}
