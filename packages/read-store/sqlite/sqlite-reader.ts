import { existsSync } from 'node:fs';
import { ReadStoreError } from '../errors.ts';
import type { ReadModelReader, Snapshot } from '../read-store.ts';
import { asReadStoreError } from './connection.ts';
import { LiveGeneration } from './live-generation.ts';
import { PositionWatch } from './position-watch.ts';
import { SnapshotConnection } from './snapshot-connection.ts';

/** Reads running at once, each on a connection of its own since a snapshot is a transaction. More wait their turn. */
const MAX_CONNECTIONS = 8;

/** Follows the live generation of one read model, written by whichever thread or process. */
export class SqliteReader implements ReadModelReader {
  readonly #folder: string;
  readonly #shape: string;
  readonly #watch: PositionWatch;
  #pointer: LiveGeneration | undefined;
  #number: number | undefined;
  #idle: SnapshotConnection[] = [];
  #opened = 0;
  readonly #queue: (() => void)[] = [];
  #closed = false;

  constructor(folder: string, shape: string) {
    this.#folder = folder;
    this.#shape = shape;
    this.#watch = new PositionWatch(() => this.#look());
  }

  async read<T>(work: (snapshot: Snapshot) => Promise<T> | T): Promise<T> {
    const connection = await this.#borrow();
    try {
      const snapshot = connection.begin();
      if (snapshot === undefined) throw loading();
      return await work(snapshot);
    } catch (cause) {
      throw asReadStoreError(cause);
    } finally {
      connection.end();
      this.#giveBack(connection);
    }
  }

  async position(): Promise<bigint> {
    return this.#look();
  }

  async reached(position: bigint, { signal }: { signal: AbortSignal }): Promise<void> {
    if (this.#look() >= position) return;
    for await (const current of this.#watch.moves(0n, signal)) if (current >= position) return;
    throw signal.reason ?? new ReadStoreError('read-store-closed', 'the read model is closed');
  }

  moves({ after, signal }: { after: bigint; signal: AbortSignal }): AsyncIterable<bigint> {
    return this.#watch.moves(after, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    this.#pointer?.close();
    for (const connection of this.#idle) connection.close();
    this.#idle = [];
  }

  /** Position that could be read right now. */
  #look(): bigint {
    if (this.#closed || this.#follow() === undefined) return 0n;
    const connection = this.#idle.pop() ?? this.#connect();
    const position = connection.position();
    this.#giveBack(connection);
    return position;
  }

  async #borrow(): Promise<SnapshotConnection> {
    if (this.#closed) throw new ReadStoreError('read-store-closed', 'the read model is closed');
    if (this.#follow() === undefined) throw loading();
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#opened >= MAX_CONNECTIONS) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
      return this.#borrow();
    }
    return this.#connect();
  }

  #connect(): SnapshotConnection {
    const number = this.#number ?? 0;
    const connection = new SnapshotConnection(number, LiveGeneration.file(this.#folder, number));
    this.#opened++;
    return connection;
  }

  #giveBack(connection: SnapshotConnection): void {
    if (this.#closed || connection.generation !== this.#number) {
      connection.close();
      this.#opened--;
    } else this.#idle.push(connection);
    this.#queue.shift()?.();
  }

  /** The live generation's number; connections to an older one are let go when their reads end. */
  #follow(): number | undefined {
    this.#pointer ??= LiveGeneration.watch(this.#folder);
    const number = this.#pointer?.number(this.#shape);
    if (number === undefined || number === this.#number) return number;
    if (!existsSync(LiveGeneration.file(this.#folder, number))) return undefined;
    for (const connection of this.#idle) connection.close();
    this.#opened -= this.#idle.length;
    this.#idle = [];
    this.#number = number;
    return number;
  }
}

function loading(): ReadStoreError {
  return new ReadStoreError(
    'read-model-loading',
    'the read model is being built from the log and cannot be read yet',
  );
}
