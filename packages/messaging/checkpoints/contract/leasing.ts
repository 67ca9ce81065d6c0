import { describe, expect, it } from 'vitest';
import { until } from '../../../../test/support/until.ts';
import type { Scene } from './contract.ts';

const LONG_MS = 600_000;

export function leasing(scene: Scene): void {
  describe('a lease', () => {
    it('has one holder, who may renew it', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      expect(await checkpoints.take('out', 'a', LONG_MS)).toBe(true);
      expect(await other.take('out', 'b', LONG_MS)).toBe(false);
      expect(await checkpoints.take('out', 'a', LONG_MS)).toBe(true);
      expect(await other.take('in', 'b', LONG_MS)).toBe(true);
    });

    it('is free at once when its holder gives it up, and not when another one does', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      await checkpoints.take('out', 'a', LONG_MS);
      await other.giveUp('out', 'b');
      expect(await other.take('out', 'b', LONG_MS)).toBe(false);
      await checkpoints.giveUp('out', 'a');
      expect(await other.take('out', 'b', LONG_MS)).toBe(true);
      expect(await checkpoints.take('out', 'a', LONG_MS)).toBe(false);
    });

    it('is free when it has run out', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      await checkpoints.take('out', 'a', 200);
      await until(() => other.take('out', 'b', LONG_MS), 'the lease runs out');
      expect(await checkpoints.take('out', 'a', LONG_MS)).toBe(false);
    });

    it('goes to one only of many that ask at once', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      const asked = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          (n % 2 ? checkpoints : other).take('out', `holder-${n}`, LONG_MS),
        ),
      );
      expect(asked.filter(Boolean)).toHaveLength(1);
    });
  });
}
