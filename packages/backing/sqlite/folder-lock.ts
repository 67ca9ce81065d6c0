import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Another process has the data folder for itself. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  readonly code = 'data-folder-in-use';
  readonly isRetryable = false;

  constructor(folder: string, options?: ErrorOptions) {
    super(
      `another Touchline runs on ${folder}: stop it, or set TOUCHLINE_DATA to another folder and TOUCHLINE_PORT to another port`,
      options,
    );
  }
}

/**
 * Takes the data folder for one process. The lock is the operating system's, held through an open transaction: it is
 * gone when the process is, however it ended, and leaves nothing to clean up.
 */
export function lockDataFolder(folder: string): { close(): void } {
  const db = new Database(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if ((cause as { code?: string }).code === 'SQLITE_BUSY') throw new DataFolderInUse(folder, { cause });
    throw cause;
  }
  return { close: () => db.close() };
}
