export { type TokenStoreFixture, tokenStoreContract } from './contract.ts';
export { NOW, wanted } from './wanted.ts';
