export { openTokenStore, type TokenPlace } from './compose.ts';
export { isRole, ROLES, type Role, scopesOf } from './roles.ts';
export { digestOf } from './token.ts';
export * from './token-store.ts';
export * from './token-store-error.ts';
