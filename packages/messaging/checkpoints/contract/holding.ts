import { describe, expect, it } from 'vitest';
import { LEASE_TIMES, whileHolding } from '../while-holding.ts';
import type { Scene } from './contract.ts';

/** Takeover within this, by the house's own promise. */
const TAKEOVER_MS = 5_000;

export function holding(scene: Scene): void {
  describe('who works while holding a lease', () => {
    const holder = (name: string, stop: AbortController, work: (signal: AbortSignal) => Promise<void>) => ({
      work,
      options: { lease: 'out', holder: name, signal: stop.signal, onFailure: () => {} },
    });

    it('works alone, and the next one begins at once when it ends', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      const [stopA, stopB] = [new AbortController(), new AbortController()];
      const working = new Set<string>();
      const started = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() };
      const work = (name: 'a' | 'b') => async (signal: AbortSignal) => {
        working.add(name);
        expect(working.size).toBe(1);
        started[name].resolve();
        await ended(signal);
        working.delete(name);
      };
      const a = holder('a', stopA, work('a'));
      const b = holder('b', stopB, work('b'));
      const runningA = whileHolding(a.work, { ...a.options, checkpoints });
      await started.a.promise;
      const runningB = whileHolding(b.work, { ...b.options, checkpoints: other });
      stopA.abort();
      await runningA;
      await started.b.promise;
      stopB.abort();
      await runningB;
    });

    it('is followed within five seconds when it dies', async () => {
      const { checkpoints } = scene();
      // One who took it and never renews it, as a process that was killed.
      await checkpoints.take('out', 'dead', LEASE_TIMES.leaseMs);
      const since = performance.now();
      const stop = new AbortController();
      const { work, options } = holder('b', stop, async () => stop.abort());
      await whileHolding(work, { ...options, checkpoints });
      expect(performance.now() - since).toBeLessThan(TAKEOVER_MS);
    });

    it('stops before another one may begin, when the store is gone', async () => {
      const { checkpoints } = scene();
      const stop = new AbortController();
      const times = { leaseMs: 4_000, renewEveryMs: 100, askEveryMs: 50 };
      const failures: unknown[] = [];
      const lostAfter = await new Promise<number>((resolve) => {
        const work = async (signal: AbortSignal) => {
          await checkpoints.close();
          const since = performance.now();
          await ended(signal);
          resolve(performance.now() - since);
          stop.abort();
        };
        const { options } = holder('a', stop, work);
        const onFailure = (failure: unknown) => void failures.push(failure);
        whileHolding(work, { ...options, onFailure, checkpoints, times }).catch(() => {});
      });
      expect(lostAfter).toBeLessThan(times.leaseMs);
      expect(failures[0]).toMatchObject({ code: 'checkpoints-closed' });
    });
  });
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
