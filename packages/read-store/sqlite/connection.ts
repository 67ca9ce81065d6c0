import { openReadOnly, ownerOf, useWriteAheadLog } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { ReadStoreError } from '../errors.ts';
import { asReadStoreError, failing } from './failures.ts';

/** Identifies our files among SQLite files: "TLrm". */
const APPLICATION_ID = 0x544c726d;
/** Entries are about one KiB; on pages of four a quarter of the file would stay empty. Only new files take it. */
const PAGE_BYTES = 8192;
const MMAP_BYTES = 8 * 1024 ** 3;
/** How long a call may wait for another process that creates, recovers or closes the file. */
const BUSY_MS = 10_000;

export function openWriter(file: string): Database.Database {
  return failing(() => prepareWriter(file));
}

/** For queries. Memory-mapped: a page of entries is fifty random rows, and a mapped row costs half a copied one. */
export function openReader(file: string): Database.Database {
  return failing(() => {
    const db = openReadOnly(file, { timeout: BUSY_MS });
    db.pragma(`mmap_size = ${MMAP_BYTES}`);
    db.pragma('cache_size = -8192');
    return db;
  });
}

/** For a projector's look-ups. Not mapped: a rebuild would draw the whole file into the memory of the process. */
export function openLoader(file: string): Database.Database {
  return failing(() => {
    const db = openReadOnly(file, { timeout: BUSY_MS });
    db.pragma('cache_size = -8192');
    return db;
  });
}

export function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_schema WHERE name = ?').pluck().get(name) === 1;
}

function prepareWriter(file: string): Database.Database {
  const db = new Database(file, { timeout: BUSY_MS });
  try {
    const owner = ownerOf(db, APPLICATION_ID);
    if (owner === 'foreign') throw foreign(file);
    db.pragma(`page_size = ${PAGE_BYTES}`);
    useWriteAheadLog(db, { waitMs: BUSY_MS });
    // Not FULL: a power cut may take the last steps back, rows and checkpoint together; the log has them and they are folded again.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -10240');
    if (owner === 'nobody') db.pragma(`application_id = ${APPLICATION_ID}`);
    return db;
  } catch (cause) {
    db.close();
    throw asReadStoreError(cause);
  }
}

function foreign(file: string): ReadStoreError {
  const message = `${file} is a database of another program; move it away`;
  return new ReadStoreError('read-store-corrupt', message);
}
