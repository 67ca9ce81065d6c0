export * from './identifier-key.ts';
