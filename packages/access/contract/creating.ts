import { describe, expect, it } from 'vitest';
import { digestOf } from '../token.ts';
import type { Scene } from './contract.ts';
import { NOW, wanted } from './wanted.ts';

export function creating(scene: Scene): void {
  describe('making tokens', () => {
    it('answers 256 random bits, and everything else that is known of the token', async () => {
      const { store } = scene();
      const { token, record } = await store.create(wanted('报表 · reports', { expiresAt: NOW + 5 }));
      expect(token).toMatch(/^tl_[A-Za-z0-9_-]{43}$/);
      expect(record).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: '报表 · reports',
        role: 'admin',
        scopes: ['*'],
        createdAt: NOW,
        createdBy: 'admin',
        expiresAt: NOW + 5,
        revokedAt: undefined,
        revokedBy: undefined,
      });
      expect((await store.create(wanted('another'))).token).not.toBe(token);
    });

    it('is durable and known to other processes when answered, and never tells the token or its hash again', async () => {
      const { store, fixture } = scene();
      const { token, record } = await store.create(wanted('a', { scopes: ['read', 'write'] }));
      const other = await fixture.open();
      const listed = await other.list({ limit: 10 });
      expect(listed).toEqual([record]);
      expect(JSON.stringify(listed)).not.toMatch(new RegExp(`${token}|${digestOf(token)}`));
      await store.close();
      expect((await (await fixture.open()).read())?.tokens).toEqual([
        {
          id: record.id,
          digest: digestOf(token),
          role: 'admin',
          scopes: ['read', 'write'],
          expiresAt: undefined,
        },
      ]);
    });

    it('answers each of many that are made at once by several processes', async () => {
      const { store, fixture } = scene();
      const stores = [store, await fixture.open(), await fixture.open()];
      const made = await Promise.all(
        Array.from({ length: 30 }, (_, at) => stores[at % 3]?.create(wanted(`token-${at}`))),
      );
      const listed = await store.list({ limit: 100 });
      expect(listed.map(({ name }) => name).sort()).toEqual(made.map((one) => one?.record.name).sort());
      expect(new Set(made.map((one) => one?.token)).size).toBe(30);
    });
  });

  describe('listing tokens', () => {
    it('is newest first, page after page, whatever is made meanwhile', async () => {
      const { store } = scene();
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await store.create(wanted(name))).record.id);
      const newestFirst = ids.toReversed();
      const first = await store.list({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(newestFirst.slice(0, 2));
      await store.create(wanted('later'));
      const rest = await store.list({ limit: 10, before: first[1]?.id });
      expect(rest.map(({ id }) => id)).toEqual(newestFirst.slice(2));
    });

    it('is newest first also of many made within a millisecond', async () => {
      const { store } = scene();
      const names = Array.from({ length: 40 }, (_, at) => `token-${at}`);
      await Promise.all(names.map((name) => store.create(wanted(name))));
      const listed = await store.list({ limit: names.length });
      expect(listed.map(({ name }) => name)).toEqual(names.toReversed());
    });

    it('is empty where none was made', async () => {
      expect(await scene().store.list({ limit: 10 })).toEqual([]);
    });
  });
}
