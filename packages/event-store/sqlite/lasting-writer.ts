import type { EventStoreError } from '../errors.ts';
import type { CommitGroup, CommittedGroup, GroupWriter, WriterOptions } from './writer-protocol.ts';
import { WriterThread } from './writer-thread.ts';

/**
 * A writer that outlives its threads: when one dies, its groups fail as retryable and the next group starts another.
 */
export class LastingWriter implements GroupWriter {
  readonly #options: WriterOptions;
  #thread: Promise<WriterThread> | undefined;
  #threads = 0;
  #checkpointFailure: EventStoreError | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves when the file is open, created where it was not there. Otherwise the first group does it. */
  async start(): Promise<void> {
    await this.#current();
  }

  /** Threads started so far; more than one means that some have died. */
  get threads(): number {
    return this.#threads;
  }

  /** Why the write-ahead log could not be copied the last time that failed. */
  get checkpointFailure(): EventStoreError | undefined {
    return this.#checkpointFailure;
  }

  async commit(group: CommitGroup): Promise<CommittedGroup> {
    const thread = await this.#current();
    return thread.commit(group);
  }

  async close(): Promise<void> {
    // One that could not start has nothing to close.
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.close();
  }

  #current(): Promise<WriterThread> {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  #start(): Promise<WriterThread> {
    this.#threads += 1;
    return WriterThread.start(this.#options, {
      ended: () => {
        this.#thread = undefined;
      },
      checkpointFailed: (error) => {
        this.#checkpointFailure = error;
      },
    });
  }
}
