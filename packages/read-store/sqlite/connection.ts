import Database from 'better-sqlite3';
import { ReadStoreError, type ReadStoreErrorCode } from '../errors.ts';

/** Identifies our files among SQLite files: "TLrm". */
const APPLICATION_ID = 0x544c726d;
const MMAP_BYTES = 8 * 1024 ** 3;
const BUSY_MS = 10_000;

export function openWriter(file: string): Database.Database {
  return failing(() => {
    const db = new Database(file, { timeout: BUSY_MS });
    const id = db.pragma('application_id', { simple: true });
    if (id !== 0 && id !== APPLICATION_ID)
      throw new ReadStoreError(
        'read-store-corrupt',
        `${file} is a database of another program; move it away`,
      );
    db.pragma('journal_mode = WAL');
    // Not FULL: a power cut may take the last steps back, rows and checkpoint together; the log has them and they are folded again.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -65536');
    db.pragma('wal_autocheckpoint = 8192');
    if (id === 0) db.pragma(`application_id = ${APPLICATION_ID}`);
    return db;
  });
}

/** Memory-mapped: a page of entries is fifty random rows, and a mapped row costs half a copied one. */
export function openReader(file: string): Database.Database {
  return failing(() => {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    db.pragma(`mmap_size = ${MMAP_BYTES}`);
    db.pragma('cache_size = -8192');
    return db;
  });
}

/** Runs `work`; SQLite's own errors become ours. */
export function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw asReadStoreError(cause);
  }
}

export function asReadStoreError(cause: unknown): unknown {
  const sqliteCode = (cause as { code?: unknown } | null)?.code;
  if (cause instanceof ReadStoreError || typeof sqliteCode !== 'string' || !sqliteCode.startsWith('SQLITE_'))
    return cause;
  const message = (cause as Error).message;
  return new ReadStoreError(
    codeOf(sqliteCode),
    `the read model's database failed: ${message} (${sqliteCode})`,
    {
      cause,
    },
  );
}

function codeOf(sqliteCode: string): ReadStoreErrorCode {
  if (sqliteCode.startsWith('SQLITE_FULL')) return 'read-store-full';
  if (sqliteCode.startsWith('SQLITE_BUSY') || sqliteCode.startsWith('SQLITE_LOCKED'))
    return 'read-store-busy';
  if (sqliteCode.startsWith('SQLITE_READONLY')) return 'read-store-read-only';
  if (sqliteCode.startsWith('SQLITE_CORRUPT') || sqliteCode.startsWith('SQLITE_NOTADB'))
    return 'read-store-corrupt';
  return 'read-store-unavailable';
}
