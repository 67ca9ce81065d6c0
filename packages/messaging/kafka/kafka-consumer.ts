import { setTimeout as delay } from 'node:timers/promises';
import type { Consumption } from '../messaging.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaSettings } from './kafka-client.ts';

/** Keeps one member of the group alive: when it breaks, the next takes its place after a pause. */
export class KafkaConsumer {
  readonly #settings: KafkaSettings;
  readonly #consumption: Consumption;
  readonly #stop = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #begun = Promise.withResolvers<void>();
  #lives: Promise<void> | undefined;
  #pauseMs: number;

  constructor(settings: KafkaSettings, consumption: Consumption) {
    this.#settings = settings;
    this.#consumption = consumption;
    this.#pauseMs = settings.limits.minRetryMs;
  }

  /** Resolves when it reads, or when the first attempt has failed: it goes on trying, and `onFailure` knows why. */
  async start(): Promise<void> {
    this.#lives ??= this.#live();
    await this.#begun.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#stopped.resolve();
    await this.#lives;
  }

  async #live(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#liveOnce();
      this.#begun.resolve();
      await delay(this.#pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {});
      this.#pauseMs = Math.min(this.#settings.limits.maxRetryMs, this.#pauseMs * 2);
    }
  }

  async #liveOnce(): Promise<void> {
    const member = new GroupMember(this.#settings, this.#consumption);
    void member.reading.then(() => this.#hasBegun());
    try {
      await Promise.race([member.run(), this.#stopped.promise]);
    } catch (failure) {
      if (!this.#stop.signal.aborted) this.#consumption.onFailure?.(failure);
    }
    await member.close();
  }

  #hasBegun(): void {
    this.#pauseMs = this.#settings.limits.minRetryMs;
    this.#begun.resolve();
  }
}
