import { ReadStoreError } from '../errors.ts';
import type { ReadModelReader, Snapshot } from '../read-store.ts';
import { CommitListener } from './commit-listener.ts';
import { type ConnectionAccess, Connections, closed } from './connections.ts';
import { FollowedGeneration, type Found } from './followed-generation.ts';
import type { LivePointer } from './live-pointer.ts';
import { PositionWatch } from './position-watch.ts';
import { PostgresSnapshot } from './postgres-snapshot.ts';

/** Beside the reads, so that a look at the position never waits for one. */
const LOOKS = 2;
/** Times a read begins again: the generation was switched meanwhile, or an idle connection had broken unseen. */
const MAX_BEGINNINGS = 4;
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

export interface ReaderSetup {
  readonly pointer: LivePointer;
  readonly channel: string;
  readonly schemaOf: (generation: number) => string;
  readonly access: ConnectionAccess;
  /** Reads running at once, each on a connection of its own since a snapshot is a transaction. More wait their turn. */
  readonly maxReads: number;
}

/** Follows the live generation of one read model, written by whichever process. */
export class PostgresReader implements ReadModelReader {
  readonly #setup: ReaderSetup;
  readonly #looks: Connections;
  readonly #followed: FollowedGeneration;
  readonly #listener: CommitListener;
  readonly #watch: PositionWatch;
  /** Connections whose names of tables lead to one generation. Those to an older one are let go when their reads end. */
  #reads: { readonly number: number; readonly connections: Connections } | undefined;
  #isClosed = false;

  constructor(setup: ReaderSetup) {
    this.#setup = setup;
    this.#looks = new Connections({ ...setup.access, max: LOOKS });
    this.#followed = new FollowedGeneration(setup.pointer, setup.schemaOf);
    this.#listener = new CommitListener(setup.access, setup.channel, () => this.#watch.wake());
    this.#watch = new PositionWatch({ look: () => this.position(), onWait: () => this.#listener.listen() });
  }

  async read<T>(work: (snapshot: Snapshot) => Promise<T> | T): Promise<T> {
    for (let beginning = 1; ; beginning++) {
      const { number, connections } = await this.#connections();
      let hasBegun = false;
      try {
        return await connections.transaction(async (connection) => {
          const found = await this.#followed.find(connection);
          if (found === undefined || found.loading) throw loading();
          if (found.number !== number) throw SWITCHED;
          hasBegun = true;
          return PostgresSnapshot.using(connection, found, work);
        }, BEGIN);
      } catch (failure) {
        if (hasBegun) throw failure;
        if (this.#isClosed) throw closed();
        if (beginning === MAX_BEGINNINGS || !isWorthAnother(failure)) throw failure;
      }
    }
  }

  async position(): Promise<bigint> {
    if (this.#isClosed) return 0n;
    const found = await this.#look();
    return found === undefined || found.loading ? 0n : found.position;
  }

  async reached(position: bigint, { signal }: { signal: AbortSignal }): Promise<void> {
    if (signal.aborted && (await this.position()) >= position) return;
    for await (const current of this.#watch.moves(-1n, signal)) if (current >= position) return;
    throw signal.aborted ? signal.reason : closed();
  }

  moves({ after, signal }: { after: bigint; signal: AbortSignal }): AsyncIterable<bigint> {
    return this.#watch.moves(after, signal);
  }

  /** Reads under way end in peace and are not waited for; what waits for its turn is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.close();
    this.#reads?.connections.close().catch(() => {}); // its reads hear what goes wrong with them
    await Promise.all([this.#listener.close(), this.#looks.close()]);
  }

  /** Those to the generation that is followed now. */
  async #connections(): Promise<{ readonly number: number; readonly connections: Connections }> {
    if (this.#isClosed) throw closed();
    const known = this.#reads;
    if (known !== undefined && known.number === this.#followed.number) return known;
    const found = await this.#look();
    if (this.#isClosed) throw closed();
    if (found === undefined) throw loading();
    if (this.#reads?.number === found.number) return this.#reads;
    const { access, maxReads, schemaOf } = this.#setup;
    const connections = new Connections({ ...access, max: maxReads, schema: schemaOf(found.number) });
    this.#reads?.connections.close().catch(() => {}); // its reads hear what goes wrong with them
    this.#reads = { number: found.number, connections };
    return this.#reads;
  }

  /** Each connection that broke while it was idle costs one look, and there are no more than `LOOKS`. */
  async #look(): Promise<Found | undefined> {
    for (let look = 0; ; look++) {
      try {
        return await this.#looks.use((connection) => this.#followed.find(connection));
      } catch (failure) {
        if (this.#isClosed) throw closed();
        if (look === LOOKS || !isWorthAnother(failure)) throw failure;
      }
    }
  }
}

const SWITCHED = Symbol('another generation is followed now');

/** Nothing was read yet, so that nobody notices: another connection may do. */
function isWorthAnother(failure: unknown): boolean {
  if (failure === SWITCHED) return true;
  if (!(failure instanceof ReadStoreError)) return false;
  return failure.code === 'read-store-unavailable' || failure.code === 'read-store-closed';
}

function loading(): ReadStoreError {
  return new ReadStoreError(
    'read-model-loading',
    'the read model is being built from the log and cannot be read yet',
  );
}
