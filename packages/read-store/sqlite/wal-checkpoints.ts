import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';

/** Pages are carried over from the WAL once it has grown by this much; a page changed often is then carried once. */
const CARRY_AFTER_BYTES = 64 * 1024 ** 2;
/** How long the writer waits for readers to let go; only a WAL that nobody reads begins anew. */
const PATIENCE_MS = 50;

/** Keeps the write-ahead log small, also while there is never a moment without a reader. */
export class WalCheckpoints {
  readonly #db: Database;
  readonly #wal: string;
  readonly #carryAfter: number;
  #carryFrom: number;

  constructor(db: Database, file: string, carryAfterBytes = CARRY_AFTER_BYTES) {
    this.#db = db;
    this.#wal = `${file}-wal`;
    this.#carryAfter = carryAfterBytes;
    this.#carryFrom = carryAfterBytes;
    db.pragma('wal_autocheckpoint = 0');
  }

  /** Cheap unless the WAL has grown. The file is cut: its size must tell what is in it, not what once was. */
  afterCommit(): void {
    if (this.#bytes() < this.#carryFrom) return;
    this.empty();
    // With a reader in the way it goes on growing; asking again at every commit would carry the same pages again.
    this.#carryFrom = this.#bytes() + this.#carryAfter;
  }

  /** Carries over what it can, and cuts the file unless readers stay in the way. */
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
