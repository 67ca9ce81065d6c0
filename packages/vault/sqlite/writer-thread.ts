import { Worker } from 'node:worker_threads';
import { VaultError } from '../vault-error.ts';
import { vaultErrorOf } from './sqlite-failure.ts';
import type { WriteAnswer, WriteOrder, WriterSettings } from './writer-messages.ts';

interface Waiting {
  resolve(count: number): void;
  reject(error: VaultError): void;
}

/**
 * The writer from the calling thread's side. Started by the first order, because a process that only reads needs
 * none; started anew by the next order when it died. Keeps the process alive only while an order is under way.
 */
export class WriterThread {
  readonly #settings: WriterSettings;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(settings: WriterSettings) {
    // A buffer may lie in a pool that it shares with others, and the thread would be handed the whole pool.
    this.#settings = { file: settings.file, masterKey: Uint8Array.from(settings.masterKey) };
  }

  /** Orders are carried out one after the other. Rejects with `VaultError`. */
  order(order: WriteOrder): Promise<number> {
    if (this.#isClosed) return Promise.reject(new VaultError('vault-closed', 'The key ring is closed.'));
    const worker = this.#worker ?? this.#start();
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      worker.postMessage(order);
    });
  }

  /** Orders under way are finished first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (!worker) return;
    const stopped = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    worker.postMessage({ task: 'close' } satisfies WriteOrder);
    await stopped;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: this.#settings });
    this.#worker = worker;
    worker.on('message', (answer: WriteAnswer) => this.#settle(worker, answer));
    worker.on('error', (cause) => this.#fail(worker, cause));
    worker.on('exit', () => this.#fail(worker, undefined));
    return worker;
  }

  #settle(worker: Worker, answer: WriteAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0 && !this.#isClosed) worker.unref();
    if ('count' in answer) waiting?.resolve(answer.count);
    else waiting?.reject(errorOf(answer.failure));
  }

  #fail(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const stranded = this.#waiting;
    this.#waiting = [];
    const error = cause
      ? vaultErrorOf(cause)
      : new VaultError('vault-unavailable', 'The key writer stopped.');
    for (const { reject } of stranded) reject(error);
  }
}

function errorOf({
  code,
  message,
  cause,
}: Extract<WriteAnswer, { failure: unknown }>['failure']): VaultError {
  return new VaultError(code, message, { cause: new Error(cause) });
}
