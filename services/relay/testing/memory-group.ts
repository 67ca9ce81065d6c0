import { setTimeout as delay } from 'node:timers/promises';
import type { Consumption, RunningConsumer } from '@touchline/messaging';
import type { StoredMessage } from './memory-broker.ts';

const MAX_BATCH = 20;
const RETRY_MS = 10;

interface Member {
  readonly consumption: Consumption;
  readonly leaving: AbortController;
}

/** A group on one topic: each partition belongs to one member, is handed over in batches, and committed when handled. */
export class MemoryGroup {
  readonly committed: number[];
  readonly #partitions: readonly (readonly StoredMessage[])[];
  readonly #members: Member[] = [];
  readonly #pumps: (Promise<void> | undefined)[] = [];

  constructor(partitions: readonly (readonly StoredMessage[])[]) {
    this.#partitions = partitions;
    this.committed = partitions.map(() => 0);
  }

  join(consumption: Consumption): RunningConsumer {
    const member = { consumption, leaving: new AbortController() };
    this.#members.push(member);
    this.wake();
    return {
      close: async () => {
        this.#members.splice(this.#members.indexOf(member), 1);
        member.leaving.abort();
        await Promise.all(this.#pumps);
        this.wake();
      },
    };
  }

  wake(): void {
    for (const index of this.#partitions.keys())
      this.#pumps[index] ??= this.#pump(index).then(() => {
        this.#pumps[index] = undefined;
        // What came while it ended has found it still there.
        if (this.#hasWork(index)) this.wake();
      });
  }

  #hasWork(partition: number): boolean {
    const isBehind = (this.committed[partition] ?? 0) < (this.#partitions[partition]?.length ?? 0);
    return isBehind && this.#members.length > 0;
  }

  async #pump(partition: number): Promise<void> {
    for (;;) {
      const member = this.#members[partition % Math.max(1, this.#members.length)];
      const from = this.committed[partition] ?? 0;
      const messages = this.#partitions[partition]?.slice(from, from + MAX_BATCH) ?? [];
      if (member === undefined || messages.length === 0) return;
      const { consumption, leaving } = member;
      try {
        await consumption.handle({
          topic: consumption.topic,
          partition,
          messages,
          signal: leaving.signal,
          alive: async () => {},
        });
        this.committed[partition] = from + messages.length;
      } catch (failure) {
        consumption.onFailure?.(failure);
        await delay(RETRY_MS);
      }
    }
  }
}
