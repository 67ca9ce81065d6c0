import { type EachOutcome, type Journal, recordEach } from '@touchline/journal';
import { Problem } from '@touchline/service-kit';
import type { Touchpoint } from '@touchline/touchpoints';
import type { IntakeLimits } from './limits.ts';

type QueueLimits = Pick<IntakeLimits, 'maxWaiting' | 'maxCallsUnderWay' | 'maxGroupTouchpoints'>;

interface Waiting {
  readonly touchpoint: Touchpoint;
  resolve(outcome: EachOutcome): void;
  reject(error: unknown): void;
}

/**
 * Lets requests that arrive together share one call of the journal, and so one commit. A touchpoint never waits for
 * others: what has arrived in one turn of the event loop goes, unless enough calls are under way.
 */
export class RecordQueue {
  readonly #journal: Pick<Journal, 'record'>;
  readonly #limits: QueueLimits;
  #waiting: Waiting[] = [];
  #callsUnderWay = 0;
  #isScheduled = false;

  constructor(journal: Pick<Journal, 'record'>, limits: QueueLimits) {
    this.#journal = journal;
    this.#limits = limits;
  }

  /** Resolves when the touchpoint is durable. Throws the problem `too-many-requests` when too many are waiting. */
  record(touchpoint: Touchpoint): Promise<EachOutcome> {
    if (this.#waiting.length >= this.#limits.maxWaiting) return Promise.reject(tooManyWaiting());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ touchpoint, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#callsUnderWay >= this.#limits.maxCallsUnderWay) return;
    this.#isScheduled = true;
    setImmediate(this.#send);
  }

  readonly #send = (): void => {
    this.#isScheduled = false;
    while (this.#waiting.length > 0 && this.#callsUnderWay < this.#limits.maxCallsUnderWay) {
      const group = this.#waiting.splice(0, this.#limits.maxGroupTouchpoints);
      this.#callsUnderWay += 1;
      void this.#record(group);
    }
  };

  async #record(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await recordEach(
        this.#journal,
        group.map(({ touchpoint }) => touchpoint),
      );
      for (const [index, outcome] of outcomes.entries()) group[index]?.resolve(outcome);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.#callsUnderWay -= 1;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}

function tooManyWaiting(): Problem {
  return new Problem('too-many-requests', {
    detail: 'Too many touchpoints are waiting to be recorded.',
    headers: { 'retry-after': '1' },
  });
}
