export * from './key-ring.ts';
export * from './keyed-hash.ts';
export * from './master-key.ts';
export * from './recency-cache.ts';
export * from './seal.ts';
export * from './vault-error.ts';
