import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenStore } from '../token-store.ts';
import { creating } from './creating.ts';
import { limits } from './limits.ts';
import { reading } from './reading.ts';
import { revoking } from './revoking.ts';
import { wanted } from './wanted.ts';

/** One place where tokens are kept, for one test. */
export interface TokenStoreFixture {
  /** Opens the place again, as another process would. */
  open(): Promise<TokenStore>;
  /** Closes what is still open and removes the place. */
  dispose(): Promise<void>;
}

export type Scene = () => { readonly fixture: TokenStoreFixture; readonly store: TokenStore };

/** What every `TokenStore` promises, wherever the tokens lie. */
export function tokenStoreContract(adapter: string, createFixture: () => Promise<TokenStoreFixture>): void {
  describe(`TokenStore contract: ${adapter}`, { timeout: 60_000 }, () => {
    let fixture: TokenStoreFixture;
    let store: TokenStore;
    const scene: Scene = () => ({ fixture, store });

    beforeEach(async () => {
      fixture = await createFixture();
      store = await fixture.open();
    });
    afterEach(() => fixture.dispose());

    creating(scene);
    revoking(scene);
    reading(scene);
    limits(scene);

    describe('closing', () => {
      it('refuses later calls with a code, and may be repeated', async () => {
        await store.create(wanted('a'));
        await store.check();
        await store.close();
        await store.close();
        const closed = { code: 'token-store-closed', isRetryable: false };
        await expect(store.create(wanted('b'))).rejects.toMatchObject(closed);
        await expect(store.read()).rejects.toMatchObject(closed);
        await expect(store.check()).rejects.toMatchObject(closed);
      });
    });
  });
}
