import { setTimeout as delay } from 'node:timers/promises';
import type { Consumption } from '../messaging.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaSettings } from './kafka-client.ts';
import { protocolTypeOf } from './kafka-errors.ts';

/** A coordinator that has just been chosen says so, for a moment. */
const PASSING = new Set(['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE']);
/** Attempts in a row that may fail so before anybody is told. */
const MAX_PASSING = 5;

/** Keeps one member of the group alive: when it breaks, the next takes its place after a pause. */
export class KafkaConsumer {
  readonly #settings: KafkaSettings;
  readonly #consumption: Consumption;
  readonly #stop = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #begun = Promise.withResolvers<void>();
  #lives: Promise<void> | undefined;
  #pauseMs: number;
  #failures = 0;

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
      await delay(this.#pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {});
      this.#pauseMs = Math.min(this.#settings.limits.maxRetryMs, this.#pauseMs * 2);
    }
    this.#begun.resolve();
  }

  async #liveOnce(): Promise<void> {
    const member = new GroupMember(this.#settings, this.#consumption);
    void member.reading.then(() => this.#hasBegun());
    try {
      await Promise.race([member.run(), this.#stopped.promise]);
    } catch (failure) {
      if (!this.#stop.signal.aborted) this.#tell(failure);
    }
    await member.close();
  }

  #tell(failure: unknown): void {
    this.#failures += 1;
    if (PASSING.has(protocolTypeOf(failure) ?? '') && this.#failures <= MAX_PASSING) return;
    this.#consumption.onFailure?.(failure);
    this.#begun.resolve();
  }

  #hasBegun(): void {
    this.#failures = 0;
    this.#pauseMs = this.#settings.limits.minRetryMs;
    this.#begun.resolve();
  }
}
