import { Worker } from 'node:worker_threads';
import { type Checkpoints, CheckpointsError, type Move } from '../checkpoints/index.ts';
import type { Answer, Order } from './store-messages.ts';

export interface SqliteCheckpointsOptions {
  readonly file: string;
}

/**
 * Checkpoints and leases in one file, which processes of one machine share. Statements run in a thread of their own.
 * Throws `CheckpointsError`.
 */
export async function openSqliteCheckpoints({ file }: SqliteCheckpointsOptions): Promise<Checkpoints> {
  const checkpoints = new SqliteCheckpoints(file);
  await checkpoints.opened;
  return checkpoints;
}

type Result = string | boolean | undefined;

interface Waiting {
  resolve(result: Result): void;
  reject(failure: unknown): void;
}

/** A thread that died is started anew by the next call. */
class SqliteCheckpoints implements Checkpoints {
  readonly opened: Promise<Result>;
  readonly #file: string;
  /** In the order of their orders. Who waits is few: the callers themselves, each for one answer. */
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(file: string) {
    this.#file = file;
    this.opened = this.#start().opened;
    this.opened.catch(() => this.close());
  }

  async position(name: string): Promise<bigint | undefined> {
    const text = await this.#order({ task: 'position', name });
    return typeof text === 'string' ? BigInt(text) : undefined;
  }

  async advance(name: string, { from, to }: Move): Promise<boolean> {
    const order = { task: 'advance', name, from: from?.toString(), to: String(to) } as const;
    return (await this.#order(order)) === true;
  }

  async take(lease: string, holder: string, forMs: number): Promise<boolean> {
    return (await this.#order({ task: 'take', lease, holder, forMs })) === true;
  }

  async giveUp(lease: string, holder: string): Promise<void> {
    await this.#order({ task: 'giveUp', lease, holder });
  }

  async check(): Promise<void> {
    await this.#order({ task: 'position', name: '' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ task: 'close' } satisfies Order);
    await exited;
  }

  async #order(order: Order): Promise<Result> {
    if (this.#isClosed) throw closed();
    const worker = this.#worker ?? this.#start().worker;
    worker.postMessage(order);
    return this.#answer();
  }

  #start(): { readonly worker: Worker; readonly opened: Promise<Result> } {
    const worker = new Worker(new URL('./store-thread.ts', import.meta.url), {
      workerData: { file: this.#file },
    });
    this.#worker = worker;
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', () => {}); // told by its exit
    worker.once('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.splice(0)) reject(this.#isClosed ? closed() : gone());
    });
    const opened = this.#answer();
    opened.catch(() => {}); // awaited by who opens; after a death the order behind it fails as well
    return { worker, opened };
  }

  #answer(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.shift();
    if ('result' in answer) waiting?.resolve(answer.result);
    else waiting?.reject(failureOf(answer.failure));
  }
}

function failureOf({ code, message }: Extract<Answer, { failure: unknown }>['failure']): Error {
  return code === undefined ? new Error(message) : new CheckpointsError(code, message);
}

function closed(): CheckpointsError {
  return new CheckpointsError('checkpoints-closed', 'the checkpoints are closed');
}

function gone(): CheckpointsError {
  return new CheckpointsError('checkpoints-unavailable', 'the thread of the checkpoints ended');
}
