export type { SqliteLimits } from './limits.ts';
export {
  openSqliteEventStore,
  SqliteEventStore,
  type SqliteEventStoreOptions,
  type SqliteStats,
} from './sqlite-event-store.ts';
