import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/** Pages are carried over from the WAL once it holds this much; a page changed often is then carried once. */
const CARRY_FROM_BYTES = 32 * 1024 ** 2;
/** From here on the writer waits a moment for readers, because only a WAL nobody reads begins anew. */
const INSIST_FROM_BYTES = 4 * CARRY_FROM_BYTES;
const PATIENCE_MS = 200;

/** Keeps the write-ahead log small, also while there is never a moment without a reader. */
export class WalCheckpoints {
  readonly #db: Database;
  readonly #wal: string;
  #insistFrom = INSIST_FROM_BYTES;

  constructor(db: Database, file: string) {
    this.#db = db;
    this.#wal = `${file}-wal`;
    db.pragma('wal_autocheckpoint = 0');
  }

  afterCommit(): void {
    const bytes = this.#bytes();
    if (bytes < CARRY_FROM_BYTES) return;
    if (bytes < this.#insistFrom) {
      this.#db.pragma('wal_checkpoint(PASSIVE)');
      return;
    }
    this.empty();
    // A reader that stays on an old snapshot would cost the patience at every commit.
    this.#insistFrom = Math.max(INSIST_FROM_BYTES, this.#bytes() + CARRY_FROM_BYTES);
  }

  /** Carries everything over and cuts the file, unless readers stay in the way. */
  empty(): void {
    const before = this.#db.pragma('busy_timeout', { simple: true }) as number;
    this.#db.pragma(`busy_timeout = ${PATIENCE_MS}`);
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.pragma(`busy_timeout = ${before}`);
    }
  }

  #bytes(): number {
    return statSync(this.#wal, { throwIfNoEntry: false })?.size ?? 0;
  }
}
