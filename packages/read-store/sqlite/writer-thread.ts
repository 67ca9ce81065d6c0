import { Worker } from 'node:worker_threads';
import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';
import type { WriterReply, WriterRequest, WriterSetup } from './writer-protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: Error) => void;
}

type Request = WriterRequest extends infer R ? (R extends WriterRequest ? Omit<R, 'id'> : never) : never;

/** Calls into the writer thread. When the thread dies every call under way and every later one fails. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #failure: ReadStoreError | undefined;

  constructor(setup: WriterSetup) {
    this.#worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: setup });
    this.#worker.on('message', (reply: WriterReply) => this.#settle(reply));
    this.#worker.on('error', (cause) => this.#fail('read-store-unavailable', cause.message, cause));
    this.#worker.on('exit', () => this.#fail('read-store-closed', 'the read model is closed'));
  }

  call<T>(request: Request): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  async close(): Promise<void> {
    if (this.#failure) return;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await this.call({ kind: 'close' });
    await ended;
  }

  #settle(reply: WriterReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new ReadStoreError(reply.code as ReadStoreErrorCode, reply.message));
  }

  #fail(code: ReadStoreErrorCode, message: string, cause?: unknown): void {
    this.#failure ??= new ReadStoreError(code, message, { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}
