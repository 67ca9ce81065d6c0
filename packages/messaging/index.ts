export * from './errors.ts';
export * from './messaging.ts';
