import { join } from 'node:path';
import { nativeCodeOf, troubleOf } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { DataFolderError } from '../data-folder-error.ts';

const LOCK_FILE = 'lock.sqlite';

/**
 * Takes the data folder for one process. The lock is the operating system's, held through an open transaction: it is
 * gone when the process is, however it ended, and leaves nothing to clean up. Nothing is written, so that it can be
 * had on a full disk. Throws `DataFolderError`.
 */
export function lockDataFolder(folder: string): { close(): void } {
  const file = join(folder, LOCK_FILE);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    throw refusal(folder, file, cause);
  }
  const held = db;
  return { close: () => held.close() };
}

function refusal(folder: string, file: string, cause: unknown): unknown {
  const trouble = troubleOf(cause);
  if (trouble === undefined) return cause;
  if (trouble === 'busy') {
    const message = `another Touchline runs on ${folder}: stop it, or set TOUCHLINE_DATA to another folder and TOUCHLINE_PORT to another port`;
    return new DataFolderError('data-folder-in-use', message, { cause });
  }
  if (trouble === 'full') {
    const message = `there is no room in ${folder}: make room on its disk`;
    return new DataFolderError('data-folder-full', message, { cause });
  }
  const message = `${file} cannot be locked (${nativeCodeOf(cause)}): delete it, it holds nothing`;
  return new DataFolderError('data-folder-unusable', message, { cause });
}
