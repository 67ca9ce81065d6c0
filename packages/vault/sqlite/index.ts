export * from './sqlite-key-ring.ts';
