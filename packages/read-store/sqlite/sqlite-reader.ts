import { existsSync } from 'node:fs';
import { ReadStoreError } from '../errors.ts';
import type { ReadModelReader, Snapshot } from '../read-store.ts';
import { Catalog } from './catalog.ts';
import { asReadStoreError, failing } from './failures.ts';
import { LivePointer } from './live-pointer.ts';
import { PositionWatch } from './position-watch.ts';
import { SnapshotConnection } from './snapshot-connection.ts';

/** Reads running at once, each on a connection of its own since a snapshot is a transaction. More wait their turn. */
const MAX_CONNECTIONS = 8;
/** How long readers stay with the former generation while the promoted one is behind it. */
const CATCH_UP_MS = 1_000;

/** Follows the live generation of one read model, written by whichever thread or process. */
export class SqliteReader implements ReadModelReader {
  readonly #folder: string;
  readonly #shape: string;
  readonly #watch: PositionWatch;
  #pointer: LivePointer | undefined;
  #number: number | undefined;
  #idle: SnapshotConnection[] = [];
  /** Looks at the position only, so that a look never waits for a read. */
  #looker: SnapshotConnection | undefined;
  /** Promoted, and about to be followed. */
  #promised: { number: number; until: number; connection: SnapshotConnection | undefined } | undefined;
  #opened = 0;
  readonly #queue: (() => void)[] = [];
  #isClosed = false;

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
      this.#giveBack(connection);
    }
  }

  async position(): Promise<bigint> {
    return this.#look();
  }

  async reached(position: bigint, { signal }: { signal: AbortSignal }): Promise<void> {
    if (this.#look() >= position) return;
    for await (const current of this.#watch.moves(0n, signal)) if (current >= position) return;
    throw signal.aborted ? signal.reason : closed();
  }

  moves({ after, signal }: { after: bigint; signal: AbortSignal }): AsyncIterable<bigint> {
    return this.#watch.moves(after, signal);
  }

  /** Reads under way end in peace; what waits for its turn is refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.close();
    this.#forget();
    this.#pointer?.close();
    for (const wake of this.#queue.splice(0)) wake();
  }

  /** Position that could be read right now. */
  #look(): bigint {
    if (this.#isClosed) return 0n;
    return failing(() => {
      const number = this.#follow();
      if (number === undefined) return 0n;
      this.#looker ??= this.#connect(number);
      return this.#looker?.position() ?? 0n;
    });
  }

  async #borrow(): Promise<SnapshotConnection> {
    for (;;) {
      if (this.#isClosed) throw closed();
      const number = failing(() => this.#follow());
      if (number === undefined) throw loading();
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#opened < MAX_CONNECTIONS) {
        const connection = failing(() => this.#connect(number));
        if (connection === undefined) throw loading();
        this.#opened++;
        return connection;
      }
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  /** A connection that is of no use any more is let go; the next read opens another. */
  #giveBack(connection: SnapshotConnection): void {
    let isOfUse = !this.#isClosed && connection.generation === this.#number;
    try {
      connection.end();
    } catch {
      // The file is damaged: what the read itself found out is what its caller hears.
      isOfUse = false;
    }
    if (isOfUse) this.#idle.push(connection);
    else {
      connection.close();
      this.#opened--;
    }
    this.#queue.shift()?.();
  }

  #connect(number: number): SnapshotConnection | undefined {
    return SnapshotConnection.open(number, Catalog.file(this.#folder, number));
  }

  /** The live generation's number; connections to an older one are let go when their reads end. */
  #follow(): number | undefined {
    this.#pointer ??= LivePointer.open(this.#folder);
    const number = this.#pointer?.number(this.#shape);
    if (number === undefined || number === this.#number) return number;
    if (!existsSync(Catalog.file(this.#folder, number))) return undefined;
    if (this.#isToCatchUp(number)) return this.#number;
    this.#forget();
    this.#number = number;
    return number;
  }

  /** A promoted generation may lack what was folded in its last moment: readers should not see the log go back. */
  #isToCatchUp(number: number): boolean {
    if (this.#number === undefined || number < this.#number) return false;
    // Who asked for nothing while several were promoted has nothing to stay with.
    if (!existsSync(Catalog.file(this.#folder, this.#number))) return false;
    this.#promised ??= { number, until: performance.now() + CATCH_UP_MS, connection: this.#connect(number) };
    const { until, connection } = this.#promised;
    if (performance.now() > until || this.#promised.number !== number) return false;
    this.#looker ??= this.#connect(this.#number);
    return (connection?.position() ?? 0n) < (this.#looker?.position() ?? 0n);
  }

  #forget(): void {
    for (const connection of this.#idle) connection.close();
    this.#opened -= this.#idle.length;
    this.#idle = [];
    this.#looker?.close();
    this.#looker = undefined;
    this.#promised?.connection?.close();
    this.#promised = undefined;
  }
}

function loading(): ReadStoreError {
  return new ReadStoreError(
    'read-model-loading',
    'the read model is being built from the log and cannot be read yet',
  );
}

function closed(): ReadStoreError {
  return new ReadStoreError('read-store-closed', 'the read model is closed');
}
