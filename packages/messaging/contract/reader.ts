import type { DeliveredBatch, DeliveredMessage } from '../messaging.ts';

const MAX_WAIT_MS = 60_000;

export interface ReadMessage extends DeliveredMessage {
  readonly partition: number;
}

/** A `handle` that collects, and can be waited for. */
export class Reader {
  readonly messages: ReadMessage[] = [];
  readonly failures: unknown[] = [];
  readonly #waiting = new Set<() => void>();

  readonly handle = async ({ partition, messages }: DeliveredBatch): Promise<void> => {
    this.messages.push(...messages.map((message) => ({ ...message, partition })));
    for (const look of this.#waiting) look();
  };

  readonly onFailure = (failure: unknown): void => {
    this.failures.push(failure);
  };

  /** Waits for the first `count` messages. */
  async first(count: number): Promise<readonly ReadMessage[]> {
    await this.until(() => this.messages.length >= count, `${count} messages`);
    return this.messages.slice(0, count);
  }

  /** Looks after each batch. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const met = Promise.withResolvers<void>();
    const look = (): void => {
      if (condition()) met.resolve();
    };
    const late = (): void => {
      met.reject(new Error(`not within ${MAX_WAIT_MS} ms: ${what}; ${this.messages.length} were read`));
    };
    const timer = setTimeout(late, MAX_WAIT_MS);
    this.#waiting.add(look);
    look();
    await met.promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  /** Values of each key, in the order they came. */
  byKey(): Map<string, string[]> {
    const values = new Map<string, string[]>();
    for (const { key, value } of this.messages) {
      const name = String(key);
      values.set(name, [...(values.get(name) ?? []), String(value)]);
    }
    return values;
  }
}
