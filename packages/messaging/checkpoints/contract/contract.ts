import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoints } from '../checkpoints.ts';
import { advancing } from './advancing.ts';
import { holding } from './holding.ts';
import { leasing } from './leasing.ts';

/** One place where checkpoints are kept, for one test. */
export interface CheckpointsFixture {
  /** Opens the place again, as another process would. */
  open(): Promise<Checkpoints>;
  /** Closes what is still open and removes the place. */
  dispose(): Promise<void>;
}

export type Scene = () => { readonly fixture: CheckpointsFixture; readonly checkpoints: Checkpoints };

/** What every `Checkpoints` promises, wherever they lie. */
export function checkpointsContract(adapter: string, createFixture: () => Promise<CheckpointsFixture>): void {
  describe(`Checkpoints contract: ${adapter}`, { timeout: 60_000 }, () => {
    let fixture: CheckpointsFixture;
    let checkpoints: Checkpoints;
    const scene: Scene = () => ({ fixture, checkpoints });

    beforeEach(async () => {
      fixture = await createFixture();
      checkpoints = await fixture.open();
    });
    afterEach(() => fixture.dispose());

    advancing(scene);
    leasing(scene);
    holding(scene);

    describe('closing', () => {
      it('refuses later calls with a code, and may be repeated', async () => {
        await checkpoints.check();
        await checkpoints.close();
        await checkpoints.close();
        const closed = { code: 'checkpoints-closed', isRetryable: false };
        await expect(checkpoints.position('a')).rejects.toMatchObject(closed);
        await expect(checkpoints.advance('a', { from: undefined, to: 1n })).rejects.toMatchObject(closed);
        await expect(checkpoints.check()).rejects.toMatchObject(closed);
      });
    });
  });
}
