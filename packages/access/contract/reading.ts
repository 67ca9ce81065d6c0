import { describe, expect, it } from 'vitest';
import type { Scene } from './contract.ts';
import { NOW, wanted } from './wanted.ts';

export function reading(scene: Scene): void {
  describe('reading what lets somebody in', () => {
    it('is empty where no token was made, and nothing new then', async () => {
      const { store } = scene();
      const empty = await store.read();
      expect(empty?.tokens).toEqual([]);
      expect(await store.read(empty?.revision)).toBeUndefined();
    });

    it('has a revision that grows with every token that is made or revoked, by whichever process', async () => {
      const { store, fixture } = scene();
      const other = await fixture.open();
      const revisions: number[] = [];
      const look = async () => {
        const known = revisions.at(-1);
        const set = await other.read(known);
        if (set === undefined) throw new Error('nothing has changed');
        expect(await other.read(set.revision)).toBeUndefined();
        revisions.push(set.revision);
        return set.tokens.length;
      };
      expect(await look()).toBe(0);
      const { record } = await store.create(wanted('a'));
      expect(await look()).toBe(1);
      await store.create(wanted('b'));
      expect(await look()).toBe(2);
      await store.revoke(record.id, { at: NOW, by: 'admin' });
      expect(await look()).toBe(1);
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    });

    it('answers everything to who knows another revision, also one from before a backup was restored', async () => {
      const { store } = scene();
      await store.create(wanted('a'));
      expect((await store.read(1_000_000))?.tokens).toHaveLength(1);
    });
  });
}
