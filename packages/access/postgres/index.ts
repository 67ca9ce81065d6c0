export { openPostgresTokenStore, type PostgresTokenStoreOptions } from './postgres-token-store.ts';
