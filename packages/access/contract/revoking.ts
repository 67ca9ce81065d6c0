import { describe, expect, it } from 'vitest';
import type { Scene } from './contract.ts';
import { NOW, wanted } from './wanted.ts';

export function revoking(scene: Scene): void {
  describe('revoking a token', () => {
    it('ends it for every process, keeps who did it, and leaves the others', async () => {
      const { store, fixture } = scene();
      const { record } = await store.create(wanted('a'));
      const kept = await store.create(wanted('b'));
      const revoked = await store.revoke(record.id, { at: NOW + 1, by: 'token:x' });
      expect(revoked).toEqual({ ...record, revokedAt: NOW + 1, revokedBy: 'token:x' });
      const other = await fixture.open();
      expect((await other.read())?.tokens.map(({ id }) => id)).toEqual([kept.record.id]);
      expect(await other.list({ limit: 10 })).toEqual(
        [kept.record, revoked].sort((a, b) => ((a?.id ?? '') < (b?.id ?? '') ? 1 : -1)),
      );
    });

    it('may be repeated: who was first stays', async () => {
      const { store } = scene();
      const { record } = await store.create(wanted('a'));
      const first = await store.revoke(record.id, { at: NOW + 1, by: 'one' });
      expect(await store.revoke(record.id, { at: NOW + 2, by: 'other' })).toEqual(first);
    });

    it('has one who did it when many do it at once', async () => {
      const { store, fixture } = scene();
      const stores = [store, await fixture.open()];
      const { record } = await store.create(wanted('a'));
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          stores[at % 2]?.revoke(record.id, { at: NOW + at, by: `one-${at}` }),
        ),
      );
      expect(new Set(answers.map((answer) => answer?.revokedBy)).size).toBe(1);
    });

    it('answers nothing for one that there is not', async () => {
      const { store } = scene();
      expect(await store.revoke('none', { at: NOW, by: 'admin' })).toBeUndefined();
      await store.create(wanted('a'));
      expect(await store.revoke('none', { at: NOW, by: 'admin' })).toBeUndefined();
    });
  });
}
