import { Worker } from 'node:worker_threads';
import type { Progress } from '@touchline/read-store';
import { failureWords } from './failure-words.ts';
import { FOLDING_HEAP } from './folding-limits.ts';
import type { ProjectorMessage, ProjectorSetup } from './messages.ts';

export interface ProjectorEvents {
  /** A step was committed. */
  onStep(step: Progress): void;
  /** Another generation is folded from now on. */
  onGeneration(number: number): void;
  /** Database or log failed, or the thread died; the projector goes on by itself after `retryMs`. */
  onFailure(failure: { code: string; message: string; retryMs: number }): void;
}

const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 10_000;

/** Keeps a projector thread running until it is closed. A thread that dies is started again with back-off. */
export class ProjectorThread {
  readonly #setup: ProjectorSetup;
  readonly #events: ProjectorEvents;
  #worker: Worker;
  #restartMs = FIRST_RESTART_MS;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void>;
  #closing = false;

  constructor(setup: ProjectorSetup, events: ProjectorEvents) {
    this.#setup = setup;
    this.#events = events;
    [this.#worker, this.#ended] = this.#start();
  }

  /** Ends the thread after the step under way is committed. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    this.#worker.postMessage('close');
    await this.#ended;
  }

  #start(): [Worker, Promise<void>] {
    const worker = new Worker(new URL('./main.ts', import.meta.url), {
      workerData: this.#setup,
      resourceLimits: FOLDING_HEAP,
    });
    let cause = 'the projector ended';
    worker.on('message', (message: ProjectorMessage) => this.#hear(message));
    worker.on('error', (failure) => {
      cause = failureWords(failure).message;
    });
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        resolve();
        if (!this.#closing) this.#startAgain(cause);
      });
    });
    return [worker, ended];
  }

  #startAgain(cause: string): void {
    const retryMs = this.#restartMs;
    this.#restartMs = Math.min(retryMs * 2, MAX_RESTART_MS);
    this.#events.onFailure({ code: 'projector-died', message: cause, retryMs });
    this.#restart = setTimeout(() => {
      [this.#worker, this.#ended] = this.#start();
    }, retryMs);
  }

  #hear(message: ProjectorMessage): void {
    if (message.kind === 'failure') {
      this.#events.onFailure(message);
      return;
    }
    this.#restartMs = FIRST_RESTART_MS;
    if (message.kind === 'generation') this.#events.onGeneration(message.number);
    else this.#events.onStep(message);
  }
}
