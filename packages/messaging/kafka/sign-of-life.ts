import type { EachBatchPayload } from 'kafkajs';
import type { KafkaLimits } from './limits.ts';
import type { Tenure } from './tenure.ts';

/**
 * Tells the group that we live while one batch is worked on. Only for so long after the work last said that it is alive:
 * work that hangs must lose its partition to a member that can do it.
 */
export class SignOfLife {
  readonly #heartbeat: EachBatchPayload['heartbeat'];
  readonly #tenure: Tenure;
  readonly #limits: KafkaLimits;
  readonly #silence = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor(heartbeat: EachBatchPayload['heartbeat'], tenure: Tenure, limits: KafkaLimits) {
    this.#heartbeat = heartbeat;
    this.#tenure = tenure;
    this.#limits = limits;
    this.#timer = setInterval(() => void this.#tick(), limits.heartbeatMs);
  }

  /** Aborted when the work has been silent for too long. */
  get silence(): AbortSignal {
    return this.#silence.signal;
  }

  async give(): Promise<void> {
    this.#last = performance.now();
    await this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    const isSilent = performance.now() - this.#last > this.#limits.maxSilentWorkMs;
    if (!isSilent) return this.#beat();
    this.stop();
    this.#silence.abort(new Error(`no sign of life for ${this.#limits.maxSilentWorkMs} ms`));
  }

  /** Passing trouble with the broker is found, and dealt with, by the next fetch. */
  async #beat(): Promise<void> {
    await this.#heartbeat().catch((failure: unknown) => this.#tenure.judge(failure));
  }
}
