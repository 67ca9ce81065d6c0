import { Worker } from 'node:worker_threads';
import { EventStoreError } from '../errors.ts';
import type {
  CommitGroup,
  CommittedGroup,
  GroupWriter,
  WriterOptions,
  WriterReply,
  WriterRequest,
} from './writer-protocol.ts';

export interface WriterThreadListener {
  /** The thread is gone, closed or dead. */
  ended(): void;
  checkpointFailed(error: EventStoreError): void;
}

interface Waiting {
  resolve(reply: WriterReply): void;
  reject(error: EventStoreError): void;
}

/** Several times what the largest groups need; without it the heap grows for want of a reason to collect. */
const HEAP = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };

/** One life of the writer thread. When it dies, whatever it had not answered fails with `event-store-unavailable`. */
export class WriterThread implements GroupWriter {
  readonly #worker: Worker;
  readonly #listener: WriterThreadListener;
  readonly #maxCloseMs: number;
  readonly #ended: Promise<void>;
  /** The thread answers in the order it is asked. */
  readonly #waiting: Waiting[] = [];
  #fault: unknown;

  /** Resolves when the file is open; rejects with the reason why it cannot be opened. */
  static async start(options: WriterOptions, listener: WriterThreadListener): Promise<WriterThread> {
    const thread = new WriterThread(options, listener);
    await thread.#answer();
    return thread;
  }

  private constructor(options: WriterOptions, listener: WriterThreadListener) {
    this.#listener = listener;
    this.#maxCloseMs = options.limits.maxCloseMs;
    this.#worker = new Worker(new URL(options.module ?? './writer.ts', import.meta.url), {
      name: 'event store writer',
      workerData: options,
      resourceLimits: HEAP,
    });
    this.#worker.on('message', (reply: WriterReply) => this.#hear(reply));
    this.#worker.on('error', (error) => {
      this.#fault = error;
    });
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve(this.#end())));
  }

  async commit(group: CommitGroup): Promise<CommittedGroup> {
    this.#ask({ kind: 'commit', group }, [group.data.buffer]);
    const reply = await this.#answer();
    if (reply.kind !== 'committed') throw unavailable(`the writer answered ${reply.kind}`, undefined);
    return reply.group;
  }

  /** Closes the file and ends the thread, by force if it does not answer in time. */
  async close(): Promise<void> {
    this.#ask({ kind: 'close' });
    const force = setTimeout(() => this.#worker.terminate(), this.#maxCloseMs);
    await this.#ended;
    clearTimeout(force);
  }

  #ask(request: WriterRequest, handedOver: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, handedOver);
  }

  #answer(): Promise<WriterReply> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #hear(reply: WriterReply): void {
    if (reply.kind === 'checkpoint-failed') {
      this.#listener.checkpointFailed(new EventStoreError(reply.code, reply.message));
      return;
    }
    const waiting = this.#waiting.shift();
    if (reply.kind === 'failed') waiting?.reject(new EventStoreError(reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  #end(): void {
    this.#listener.ended();
    for (const { reject } of this.#waiting.splice(0))
      reject(unavailable('the writer thread died', this.#fault));
  }
}

function unavailable(message: string, cause: unknown): EventStoreError {
  return new EventStoreError('event-store-unavailable', message, { cause });
}
