import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store.ts';

/** Opens the log in whichever process loads this module. */
export function openEventStore(file: string): Promise<SqliteEventStore> {
  return openSqliteEventStore({ file });
}
