export { openSqliteCheckpoints, type SqliteCheckpointsOptions } from './sqlite-checkpoints.ts';
