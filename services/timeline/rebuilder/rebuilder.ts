import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { JobBoard } from '@touchline/read-store';
import { failureWords } from '../projector/failure-words.ts';
import { FOLDING_HEAP } from '../projector/folding-limits.ts';
import { TIMELINE } from '../read-model.ts';
import type { RebuilderMessage, RebuilderSetup } from './messages.ts';

const LOOK_EVERY_MS = 500;

export interface RebuilderEvents {
  onJob(job: { job: string; state: string }): void;
  onFailure(failure: { code: string; message: string; retryMs: number }): void;
}

/** Starts a thread for rebuilds when one is due: a process that rebuilds nothing has no thread for it. */
export class Rebuilder {
  readonly #setup: RebuilderSetup;
  readonly #events: RebuilderEvents;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;

  constructor(board: JobBoard, setup: RebuilderSetup, events: RebuilderEvents) {
    this.#setup = setup;
    this.#events = events;
    this.#watching = this.#watch(board);
  }

  /** A rebuild under way is left to the next process, after its step is committed. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(board: JobBoard): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      // A database that is away is told of by the projector.
      const isDue = await board.isDue(TIMELINE, ['rebuild']).catch(() => false);
      if (isDue && !signal.aborted) await this.#runThread();
    }
  }

  async #runThread(): Promise<void> {
    const { signal } = this.#closing;
    const url = new URL('./main.ts', import.meta.url);
    const worker = new Worker(url, { workerData: this.#setup, resourceLimits: FOLDING_HEAP });
    const end = (): void => worker.postMessage('end');
    signal.addEventListener('abort', end);
    worker.on('message', (message: RebuilderMessage) => {
      if (message.kind === 'job') this.#events.onJob({ job: message.job, state: message.state });
      else this.#events.onFailure(message);
    });
    worker.on('error', (failure) => {
      const { message } = failureWords(failure);
      this.#events.onFailure({ code: 'rebuilder-died', message, retryMs: LOOK_EVERY_MS });
    });
    await new Promise<void>((resolve) => worker.on('exit', () => resolve()));
    signal.removeEventListener('abort', end);
  }
}
