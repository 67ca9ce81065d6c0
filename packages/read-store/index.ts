export * from './errors.ts';
export * from './generation.ts';
export { type ParkedRow, parkedTable } from './parking.ts';
export * from './projection.ts';
export * from './projector.ts';
export * from './read-store.ts';
export type { RetryOutcome } from './retry-parked.ts';
export type { Progress } from './steps.ts';
export * from './table.ts';
