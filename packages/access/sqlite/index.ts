export { openSqliteTokenStore, type SqliteTokenStoreOptions } from './sqlite-token-store.ts';
