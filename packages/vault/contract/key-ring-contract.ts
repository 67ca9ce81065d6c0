import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyRing } from '../key-ring.ts';
import { open, seal } from '../seal.ts';
import { shredHistory } from './shred-history.ts';

/** One place where keys are kept, for one test. */
export interface KeyRingFixture {
  /** Opens the place again, as another process would. Master key and place stay the same. */
  open(options?: { wrongMasterKey?: boolean }): Promise<KeyRing>;
  /** Closes what is still open and removes the place. */
  dispose(): Promise<void>;
}

/** What every `KeyRing` promises, whatever holds its keys. */
export function keyRingContract(adapter: string, createFixture: () => Promise<KeyRingFixture>): void {
  describe(`KeyRing contract: ${adapter}`, { timeout: 30_000 }, () => {
    let fixture: KeyRingFixture;
    let ring: KeyRing;

    beforeEach(async () => {
      fixture = await createFixture();
      ring = await fixture.open();
    });

    afterEach(() => fixture.dispose());

    creating(() => ({ fixture, ring }));
    shredding(() => ({ fixture, ring }));
    opening(() => ({ fixture, ring }));

    it('agrees with a model under any history of two processes', async () => {
      const other = await fixture.open();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(shredHistory, (history) => history.play([ring, other], `run-${run++}`)),
        { numRuns: 30 },
      );
    });
  });
}

type Scene = () => { readonly fixture: KeyRingFixture; readonly ring: KeyRing };

function creating(scene: Scene): void {
  describe('creating keys', () => {
    it('answers one key of 32 bytes for each data subject, however often it is named', async () => {
      const keys = await scene().ring.ensure(['a', 'b', 'a']);
      expect([...keys.keys()].sort()).toEqual(['a', 'b']);
      expect(keys.get('a')?.subject).toBe('a');
      expect(keys.get('a')?.secret).toHaveLength(32);
      expect(keys.get('a')?.secret).not.toEqual(keys.get('b')?.secret);
      expect(keys.get('a')?.id).not.toBe(keys.get('b')?.id);
    });

    it('answers the same key again, here and after opening anew', async () => {
      const { ring, fixture } = scene();
      const first = await ring.ensure(['a']);
      expect(await ring.ensure(['b', 'a'])).toEqual(new Map([...first, ...(await ring.ensure(['b']))]));
      await ring.close();
      const again = await fixture.open();
      expect(await again.ensure(['a'])).toEqual(first);
    });

    it('answers nothing for no data subjects', async () => {
      expect(await scene().ring.ensure([])).toEqual(new Map());
    });

    it('agrees on one key when many callers of two processes meet a data subject at once', async () => {
      const { ring, fixture } = scene();
      const other = await fixture.open();
      const subjects = Array.from({ length: 50 }, (_, index) => `subject-${index}`);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, caller) =>
          (caller % 2 === 0 ? ring : other).ensure(subjects.slice(caller)),
        ),
      );
      const first = answers[0] ?? new Map();
      expect(first.size).toBe(50);
      for (const keys of answers) for (const [subject, key] of keys) expect(key).toEqual(first.get(subject));
    });

    it('finds keys by id', async () => {
      const { ring, fixture } = scene();
      const key = (await ring.ensure(['a'])).get('a');
      const other = await fixture.open();
      expect(await other.find([key?.id ?? ''])).toEqual(new Map([[key?.id, key]]));
    });

    it('refuses ids it never gave as key-unknown and names them', async () => {
      const { ring } = scene();
      const id = (await ring.ensure(['a'])).get('a')?.id ?? '';
      const failure = ring.find([id, '7zzzzz', 'not an id']);
      await expect(failure).rejects.toMatchObject({
        code: 'key-unknown',
        isRetryable: false,
        keyids: ['7zzzzz', 'not an id'],
      });
    });
  });
}

function shredding(scene: Scene): void {
  describe('shredding keys', () => {
    it('forgets the key of the data subject and of nobody else', async () => {
      const { ring } = scene();
      const keys = await ring.ensure(['a', 'b']);
      const ids = [keys.get('a')?.id ?? '', keys.get('b')?.id ?? ''];
      expect(await ring.shred('a')).toBe(1);
      expect([...(await ring.find(ids)).values()]).toEqual([keys.get('b')]);
    });

    it('answers 0 for a data subject without a key', async () => {
      const { ring } = scene();
      expect(await ring.shred('nobody')).toBe(0);
      await ring.ensure(['a']);
      await ring.shred('a');
      expect(await ring.shred('a')).toBe(0);
    });

    it('is seen by other processes at their next call, though they had the key in memory', async () => {
      const { ring, fixture } = scene();
      const other = await fixture.open();
      const id = (await other.ensure(['a'])).get('a')?.id ?? '';
      await ring.shred('a');
      expect(await other.find([id])).toEqual(new Map());
      expect((await other.ensure(['a'])).get('a')?.id).not.toBe(id);
    });

    it('gives a data subject that comes back a new key, which does not open what was sealed before', async () => {
      const { ring } = scene();
      const [before] = [...(await ring.ensure(['a'])).values()];
      await ring.shred('a');
      const [after] = [...(await ring.ensure(['a'])).values()];
      if (!before || !after) throw new Error('no keys');
      expect(after.id).not.toBe(before.id);
      const sealed = seal(before, 'plain', 'event');
      expect(() => open(after, sealed, 'event')).toThrow(
        expect.objectContaining({ code: 'sealed-text-corrupt' }),
      );
    });
  });
}

function opening(scene: Scene): void {
  describe('opening and closing', () => {
    it('keeps one pepper of 32 bytes for ever', async () => {
      const { ring, fixture } = scene();
      expect(ring.pepper).toHaveLength(32);
      expect((await fixture.open()).pepper).toEqual(ring.pepper);
    });

    it('refuses another master key as master-key-wrong', async () => {
      await expect(scene().fixture.open({ wrongMasterKey: true })).rejects.toMatchObject({
        code: 'master-key-wrong',
        isRetryable: false,
      });
    });

    it('refuses every call after closing as vault-closed, and closes twice without complaint', async () => {
      const { ring } = scene();
      await ring.ensure(['a']);
      await ring.close();
      await ring.close();
      const closed = { code: 'vault-closed' };
      await expect(ring.ensure(['a'])).rejects.toMatchObject(closed);
      await expect(ring.find(['1'])).rejects.toMatchObject(closed);
      await expect(ring.shred('a')).rejects.toMatchObject(closed);
    });
  });
}
