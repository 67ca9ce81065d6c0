import { ReadStoreError } from './errors.ts';
import type { Refusal } from './folder.ts';
import { reasonOf } from './parking.ts';

/**
 * Finds the event whose rows the database refuses, so that it parks its customer and stops nobody else: steps are halved
 * until the event stands alone in one, and then it is not folded.
 */
export class Suspicion {
  #upTo: bigint | undefined;
  #maxEvents = Number.POSITIVE_INFINITY;
  #refusal: Refusal | undefined;

  get isActive(): boolean {
    return this.#upTo !== undefined;
  }

  get maxEvents(): number {
    return this.#maxEvents;
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** A step was refused. Answers whether there is something left to try. */
  refused(step: { readonly to: bigint; readonly events: number }, failure: Error): boolean {
    if (step.events === 0) return false;
    if (this.#upTo === undefined || step.to > this.#upTo) this.#upTo = step.to;
    this.#maxEvents = Math.ceil(step.events / 2);
    if (step.events > 1) return true;
    const isKnown = this.#refusal?.position === step.to;
    if (isKnown && this.#refusal?.isUnrouted) return false;
    this.#refusal = { position: step.to, reason: reasonOf(failure), isUnrouted: isKnown };
    return true;
  }

  /** A step up to `position` was written. */
  committed(position: bigint): void {
    if (this.#upTo === undefined) return;
    this.#maxEvents *= 2;
    if (position < this.#upTo) return;
    this.#upTo = undefined;
    this.#maxEvents = Number.POSITIVE_INFINITY;
    this.#refusal = undefined;
  }

  /** A batch in parts that are each to be written before the next is folded; whole while nothing is suspected. */
  *parts<Event>(events: readonly Event[]): Iterable<readonly Event[]> {
    for (let at = 0; at < events.length; ) {
      const part = this.isActive ? events.slice(at, at + this.#maxEvents) : events.slice(at);
      at += part.length;
      yield part;
    }
  }
}

export function isRowRefused(failure: unknown): failure is ReadStoreError {
  return failure instanceof ReadStoreError && failure.code === 'row-refused';
}
