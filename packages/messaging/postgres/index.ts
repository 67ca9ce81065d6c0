export { openPostgresCheckpoints, type PostgresCheckpointsOptions } from './postgres-checkpoints.ts';
