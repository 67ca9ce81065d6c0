import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Consumption } from '../messaging.ts';
import { delivered, slicesOf } from './delivery.ts';
import type { KafkaLimits } from './limits.ts';
import { SignOfLife } from './sign-of-life.ts';
import { Tenure } from './tenure.ts';

type Slice = readonly [KafkaMessage, ...KafkaMessage[]];

/** Hands what was fetched to `handle`, a slice at a time, and commits each slice once it is handled. */
export class BatchWork {
  readonly #consumption: Consumption;
  readonly #limits: KafkaLimits;
  readonly #failures = new Map<number, number>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #tenure = new Tenure();
  #batches = 0;

  constructor(consumption: Consumption, limits: KafkaLimits) {
    this.#consumption = consumption;
    this.#limits = limits;
  }

  get isBusy(): boolean {
    return this.#batches > 0;
  }

  /** The group has shared out its partitions. */
  begin(): void {
    this.#tenure.end(new Error('the partitions have been shared out anew'));
    this.#tenure = new Tenure();
  }

  /** Nothing more is handed over. */
  end(reason: unknown): void {
    this.#tenure.end(reason);
    for (const pause of this.#pauses) clearTimeout(pause);
  }

  readonly eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const tenure = this.#tenure;
    this.#batches += 1;
    try {
      for (const slice of slicesOf(payload.batch.messages, this.#limits.maxBatchMessages)) {
        if (tenure.isOver || !payload.isRunning()) break;
        if (!(await this.#handOver(slice, payload, tenure))) break;
        await this.#commit(slice, payload);
      }
    } catch (failure) {
      tenure.judge(failure);
      throw failure;
    } finally {
      this.#batches -= 1;
    }
    // Makes the client join the group again at once.
    if (tenure.lostBy) throw tenure.lostBy;
  };

  /** Whether it was handled. */
  async #handOver(slice: Slice, payload: EachBatchPayload, tenure: Tenure): Promise<boolean> {
    const { topic, partition } = payload.batch;
    const life = new SignOfLife(payload.heartbeat, tenure, this.#limits);
    const signal = AbortSignal.any([tenure.signal, life.silence]);
    const messages = slice.map(delivered);
    try {
      await this.#consumption.handle({ topic, partition, messages, signal, alive: () => life.give() });
      this.#failures.delete(partition);
      return true;
    } catch (failure) {
      // Who gives up because it was told to has not failed.
      if (!signal.aborted) this.#pause(payload, failure);
      return false;
    } finally {
      life.stop();
    }
  }

  async #commit(
    slice: Slice,
    { batch, resolveOffset, commitOffsetsIfNecessary, heartbeat }: EachBatchPayload,
  ) {
    const last = (slice.at(-1) ?? slice[0]).offset;
    const next = String(BigInt(last) + 1n);
    const partitions = [{ partition: batch.partition, offset: next }];
    await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions }] });
    resolveOffset(last);
    await heartbeat();
  }

  /** Only this partition waits; what is not resolved is fetched again. */
  #pause(payload: EachBatchPayload, failure: unknown): void {
    const { partition } = payload.batch;
    const failures = (this.#failures.get(partition) ?? 0) + 1;
    this.#failures.set(partition, failures);
    const { minRetryMs, maxRetryMs } = this.#limits;
    const resume = payload.pause();
    const timer = setTimeout(
      () => {
        this.#pauses.delete(timer);
        resume();
      },
      Math.min(maxRetryMs, minRetryMs * 2 ** (failures - 1)),
    );
    this.#pauses.add(timer);
    this.#consumption.onFailure?.(failure);
  }
}
