import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_BLIND_MS } from './known-tokens.ts';
import { TOKEN } from './test-server.ts';
import { TokenScene } from './testing/token-scene.ts';

/** Longer than the default of a second: changes are noticed within one, and a busy machine is no failure. */
const PATIENTLY = { timeout: 15_000 };
const LATER_MS = 60_000;

let scene: TokenScene;
beforeEach(async () => {
  scene = await TokenScene.make();
});
afterEach(() => scene.close());

const wanted = { name: 'reports', role: 'admin' } as const;

describe('a token', () => {
  test('works where it was made when it is answered, and soon at every other process', async () => {
    const [here, there] = [await scene.start(), await scene.start()];
    const { token, record } = await here.register.create(wanted, 'admin');
    const principal = { id: `token:${record.id}`, role: 'admin', scopes: ['*'] };
    expect(here.access.authenticate(token)).toEqual(principal);
    expect(here.access.find(principal.id)).toEqual(principal);
    await vi.waitFor(() => expect(there.access.authenticate(token)).toEqual(principal), PATIENTLY);
    const { access } = await scene.start();
    expect(access.authenticate(token)).toEqual(principal);
    expect(access.authenticate(`${token}x`)).toBeUndefined();
  });

  test('that is revoked stops at once where it was, and soon at every other process', async () => {
    const here = await scene.start();
    const { token, record } = await here.register.create(wanted, 'admin');
    const there = await scene.start();
    const [before, elsewhere] = [here.access.revision, there.access.revision];
    await here.register.revoke(record.id, 'admin');
    expect(here.access.authenticate(token)).toBeUndefined();
    expect(here.access.find(`token:${record.id}`)).toBeUndefined();
    expect(here.access.revision).not.toBe(before);
    await vi.waitFor(() => expect(there.access.authenticate(token)).toBeUndefined(), PATIENTLY);
    expect(there.access.revision).not.toBe(elsewhere);
  });

  test('stops the moment it expires, and what was answered before no longer counts', async () => {
    const { register, access } = await scene.start();
    const expiresAt = scene.clock.now() + LATER_MS;
    const { token, record } = await register.create({ ...wanted, expiresAt }, 'admin');
    const kept = await register.create(wanted, 'admin');
    const before = access.revision;
    scene.aheadMs = LATER_MS;
    expect(access.revision).not.toBe(before);
    expect(access.revision).toBe(access.revision);
    expect(access.authenticate(token)).toBeUndefined();
    expect(access.find(`token:${record.id}`)).toBeUndefined();
    expect(access.authenticate(kept.token)?.id).toBe(`token:${kept.record.id}`);
  });
});

describe("the administrator's token", () => {
  test('counts also where the store was never read, and signs the sessions of every process', async () => {
    scene.isAway = true;
    const { access } = await scene.start();
    expect(access.authenticate(TOKEN)?.id).toBe('admin');
    expect(access.find('admin')?.scopes).toEqual(['*']);
    expect((await scene.start()).access.sessionSecret).toEqual(access.sessionSecret);
  });
});

describe('while the store is away', () => {
  test('known tokens count for a while and no longer, and count again when it is back', async () => {
    const { register, access } = await scene.start();
    const { token } = await register.create(wanted, 'admin');
    const before = access.revision;
    scene.isAway = true;
    await vi.waitFor(() => expect(access.isComplete).toBe(false), PATIENTLY);
    expect(access.authenticate(token)).toBeDefined();
    expect(access.revision).toBe(before);
    expect(() => register.check()).not.toThrow();
    scene.aheadMs = MAX_BLIND_MS + 1;
    expect(access.authenticate(token)).toBeUndefined();
    expect(access.revision).not.toBe(before);
    expect(access.authenticate(TOKEN)?.id).toBe('admin');
    const away = expect.objectContaining({ code: 'token-store-unavailable', isRetryable: true });
    expect(() => register.check()).toThrow(away);
    scene.isAway = false;
    await vi.waitFor(() => expect(access.authenticate(token)).toBeDefined(), PATIENTLY);
    expect(access.isComplete).toBe(true);
    expect(() => register.check()).not.toThrow();
  });

  test('it is told once in the log, and that it is back', async () => {
    const { access } = await scene.start();
    scene.isAway = true;
    await vi.waitFor(() => expect(access.isComplete).toBe(false), PATIENTLY);
    scene.isAway = false;
    await vi.waitFor(() => expect(access.isComplete).toBe(true), PATIENTLY);
    const messages = [...scene.log.matchAll(/"msg":"([^"]+)"/g)].map(([, message]) => message);
    expect(messages).toEqual([
      'tokens cannot be read; those known count for a while',
      'tokens are read again',
    ]);
  });

  test('a process starts without it, and knows the tokens when it is back', async () => {
    const { token } = await (await scene.start()).register.create(wanted, 'admin');
    scene.isAway = true;
    const { register, access } = await scene.start();
    expect(access.authenticate(token)).toBeUndefined();
    expect(() => register.check()).toThrow();
    scene.isAway = false;
    await vi.waitFor(() => expect(access.authenticate(token)).toBeDefined(), PATIENTLY);
  });

  test('nothing is made or revoked', async () => {
    const { register } = await scene.start();
    scene.isAway = true;
    const away = { code: 'token-store-unavailable' };
    await expect(register.create(wanted, 'admin')).rejects.toMatchObject(away);
    await expect(register.revoke('any', 'admin')).rejects.toMatchObject(away);
  });
});

test('a file that is not ours is no reason to wait: the start fails', async () => {
  await writeFile(scene.file, 'x'.repeat(8_192));
  await expect(scene.start()).rejects.toMatchObject({ code: 'token-store-foreign-file' });
});
