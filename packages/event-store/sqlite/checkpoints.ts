import type { Database, Statement } from 'better-sqlite3';
import type { SqliteLimits } from './limits.ts';

type WalState = [isBusy: number, frames: number, copiedFrames: number];

export type CheckpointLimits = Pick<SqliteLimits, 'checkpointBytes' | 'maxWalBytes' | 'checkpointIdleMs'>;

/** How long starting the write-ahead log over may wait for readers. */
const MAX_READER_WAIT_MS = 100;
const FRAME_HEADER_BYTES = 24;

/**
 * Copies the write-ahead log into the database file when it has grown, or when nothing happens for a while. Only
 * between transactions of the writer, never in a reader: no append and no read waits for it unasked.
 * A checkpoint that fails loses nothing and is tried again.
 */
export class Checkpoints {
  readonly #db: Database;
  readonly #limits: CheckpointLimits;
  readonly #onFailure: (error: unknown) => void;
  readonly #look: Statement<[], WalState>;
  readonly #copy: Statement<[], WalState>;
  readonly #startOver: Statement<[], WalState>;
  readonly #frameBytes: number;
  #bytesAtLast = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(db: Database, limits: CheckpointLimits, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#limits = limits;
    this.#onFailure = onFailure;
    this.#look = db.prepare<[], WalState>('PRAGMA wal_checkpoint(NOOP)').raw();
    this.#copy = db.prepare<[], WalState>('PRAGMA wal_checkpoint(PASSIVE)').raw();
    this.#startOver = db.prepare<[], WalState>('PRAGMA wal_checkpoint(TRUNCATE)').raw();
    this.#frameBytes = Number(db.pragma('page_size', { simple: true })) + FRAME_HEADER_BYTES;
  }

  /** To be called after each commit, once it is answered. */
  afterCommit(): void {
    const bytes = this.#walBytes();
    // Smaller than before: the log was started over meanwhile.
    if (bytes < this.#bytesAtLast) this.#bytesAtLast = 0;
    if (bytes - this.#bytesAtLast >= this.#limits.checkpointBytes) this.#run();
    if (this.#idle) this.#idle.refresh();
    else this.#idle = setTimeout(() => this.#run(), this.#limits.checkpointIdleMs);
  }

  stop(): void {
    clearTimeout(this.#idle);
  }

  #run(): void {
    try {
      this.#bytesAtLast = this.#walBytes();
      if (this.#bytesAtLast < this.#limits.maxWalBytes) this.#copy.get();
      else this.#copyAll();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Readers that never leave together keep the log from ever starting over; this waits for each of them once. */
  #copyAll(): void {
    this.#db.pragma(`busy_timeout = ${MAX_READER_WAIT_MS}`);
    try {
      this.#startOver.get();
    } finally {
      this.#db.pragma('busy_timeout = 0');
    }
  }

  #walBytes(): number {
    return (this.#look.get()?.[1] ?? 0) * this.#frameBytes;
  }
}
