import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scene } from './contract.ts';

const GREATEST = 2n ** 63n - 1n;

export function advancing(scene: Scene): void {
  describe('a checkpoint', () => {
    it('is nowhere before it was set, and then where it was set, also for another process', async () => {
      const { checkpoints, fixture } = scene();
      expect(await checkpoints.position('a')).toBeUndefined();
      expect(await checkpoints.advance('a', { from: undefined, to: GREATEST })).toBe(true);
      expect(await checkpoints.position('a')).toBe(GREATEST);
      await checkpoints.close();
      expect(await (await fixture.open()).position('a')).toBe(GREATEST);
    });

    it('is left where it is when it does not stand where it was thought to', async () => {
      const { checkpoints } = scene();
      expect(await checkpoints.advance('a', { from: 1n, to: 2n })).toBe(false);
      expect(await checkpoints.position('a')).toBeUndefined();
      await checkpoints.advance('a', { from: undefined, to: 5n });
      expect(await checkpoints.advance('a', { from: undefined, to: 6n })).toBe(false);
      expect(await checkpoints.advance('a', { from: 4n, to: 6n })).toBe(false);
      expect(await checkpoints.position('a')).toBe(5n);
    });

    it('may be put back', async () => {
      const { checkpoints } = scene();
      await checkpoints.advance('a', { from: undefined, to: 5n });
      expect(await checkpoints.advance('a', { from: 5n, to: 0n })).toBe(true);
      expect(await checkpoints.position('a')).toBe(0n);
    });

    it('is its own', async () => {
      const { checkpoints } = scene();
      await checkpoints.advance('a', { from: undefined, to: 5n });
      expect(await checkpoints.position('b')).toBeUndefined();
    });

    it('moves for one only of many that move it at once', async () => {
      const { checkpoints, fixture } = scene();
      const other = await fixture.open();
      const race = (from: bigint | undefined, round: bigint) =>
        Promise.all(
          Array.from({ length: 8 }, (_, n) =>
            (n % 2 ? checkpoints : other).advance('a', { from, to: round * 100n + BigInt(n) }),
          ),
        );
      let from: bigint | undefined;
      for (const round of [1n, 2n, 3n]) {
        const moved = await race(from, round);
        expect(moved.filter(Boolean)).toHaveLength(1);
        from = await checkpoints.position('a');
        expect(from).toBe(round * 100n + BigInt(moved.indexOf(true)));
      }
    });

    it('agrees with a model under any moves of two processes', async () => {
      const { checkpoints, fixture } = scene();
      const processes = [checkpoints, await fixture.open()] as const;
      const position = fc.option(fc.bigInt({ min: 0n, max: 3n }), { nil: undefined });
      const move = fc.record({
        by: fc.constantFrom(0 as const, 1 as const),
        from: position,
        to: fc.bigInt({ min: 0n, max: 3n }),
      });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(move, { maxLength: 20 }), async (moves) => {
          const name = `run-${run++}`;
          let at: bigint | undefined;
          for (const { by, from, to } of moves) {
            const isThere = from === at;
            expect(await processes[by].advance(name, { from, to })).toBe(isThere);
            if (isThere) at = to;
            expect(await processes[1 - by]?.position(name)).toBe(at);
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}
