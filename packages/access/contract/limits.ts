import { describe, expect, it } from 'vitest';
import { MAX_TOKEN_RECORDS, MAX_TOKENS } from '../token-store.ts';
import type { Scene } from './contract.ts';
import { NOW, wanted } from './wanted.ts';

/** Made at once, so that thousands take seconds. */
const AT_ONCE = 50;

export function limits(scene: Scene): void {
  const make = async (count: number, expiresAt?: number) => {
    for (let made = 0; made < count; made += AT_ONCE) {
      const size = Math.min(AT_ONCE, count - made);
      await Promise.all(
        Array.from({ length: size }, () => scene().store.create(wanted('one', { expiresAt }))),
      );
    }
  };

  describe('the number of tokens', () => {
    it('is bounded: those that are revoked or have expired make room, and the oldest of them are forgotten', async () => {
      const { store } = scene();
      await make(MAX_TOKENS, NOW + 1);
      const refused = { code: 'too-many-tokens', isRetryable: false };
      await expect(store.create(wanted('one more'))).rejects.toMatchObject(refused);
      expect((await store.read())?.tokens).toHaveLength(MAX_TOKENS);
      const [newest] = await store.list({ limit: 1 });
      await store.revoke(newest?.id ?? '', { at: NOW, by: 'admin' });
      const { record } = await store.create(wanted('in its place'));
      const afterAll = await store.create(wanted('when all have expired', { createdAt: NOW + 1 }));
      expect((await store.list({ limit: 2 })).map(({ id }) => id)).toEqual([afterAll.record.id, record.id]);
    });

    it('that is remembered is bounded as well', async () => {
      const { store } = scene();
      const forgotten = await store.create(wanted('the first', { expiresAt: NOW }));
      await make(MAX_TOKEN_RECORDS, NOW);
      const kept = await store.list({ limit: MAX_TOKEN_RECORDS + 10 });
      expect(kept).toHaveLength(MAX_TOKEN_RECORDS);
      expect(kept.some(({ id }) => id === forgotten.record.id)).toBe(false);
    });
  });
}
