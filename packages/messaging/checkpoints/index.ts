export * from './checkpoints.ts';
export * from './errors.ts';
export * from './while-holding.ts';
