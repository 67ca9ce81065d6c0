import { Worker } from 'node:worker_threads';
import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';
import type { WriterCall, WriterMessage, WriterReply, WriterSetup } from './writer-protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: Error) => void;
}

/** Several times what a part of a step needs; without it the heap grows for want of a reason to collect. */
const HEAP = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };
const WRITER = new URL('./writer.ts', import.meta.url);

/** Calls into the writer thread. When the thread dies every call under way fails, and the next one starts another. */
export class WriterThread {
  readonly #setup: WriterSetup;
  readonly #script: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closing: Promise<void> | undefined;

  constructor(setup: WriterSetup, script = WRITER) {
    this.#setup = setup;
    this.#script = script;
  }

  call<T>(call: WriterCall): Promise<T> {
    if (this.#closing) return Promise.reject(closed());
    return this.#post(call);
  }

  /** Taken without an answer, in order with the calls. */
  tell(message: WriterMessage): void {
    if (this.#closing) throw closed();
    this.#running().postMessage(message);
  }

  /** After every call under way. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    await this.#post({ kind: 'close' }).catch(() => {}); // a thread that died is closed
    await ended;
  }

  #post<T>(call: WriterCall): Promise<T> {
    const worker = this.#running();
    return new Promise<T>((resolve, reject) => {
      const id = ++this.#lastId;
      worker.postMessage({ ...call, id });
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#script, { workerData: this.#setup, resourceLimits: HEAP });
    worker.on('message', (reply: WriterReply) => this.#settle(reply));
    worker.on('error', (cause) => this.#lost(worker, cause));
    worker.on('exit', () => this.#lost(worker));
    this.#worker = worker;
    return worker;
  }

  #settle(reply: WriterReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new ReadStoreError(reply.code as ReadStoreErrorCode, reply.message));
  }

  #lost(worker: Worker, cause?: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const message = `the writer thread ended: ${cause?.message ?? 'without a reason'}`;
    const failure = new ReadStoreError('read-store-unavailable', message, { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(failure);
    this.#waiting.clear();
  }
}

function closed(): ReadStoreError {
  return new ReadStoreError('read-store-closed', 'the read model is closed');
}
