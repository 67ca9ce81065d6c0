import type { BackingSetup } from '@touchline/backing';
import type { JobBoard } from '@touchline/read-store';
import type { Logger } from '@touchline/service-kit';
import { ProjectorThread } from './projector/projector-thread.ts';
import { Rebuilder } from './rebuilder/rebuilder.ts';

export interface FoldingOptions {
  readonly setup: BackingSetup;
  readonly jobs: JobBoard;
  /** Former generations kept for a rollback. */
  readonly keepGenerations: number;
  readonly logger: Logger;
}

/** Whatever writes the read model "timeline" in this process: the projector's thread, and one for rebuilds when one is due. */
export function startFolding(options: FoldingOptions): { close(): Promise<void> } {
  const { setup, jobs, keepGenerations: keep, logger } = options;
  const projector = new ProjectorThread(setup, {
    onStep: (step) => logger.debug({ ...step, position: String(step.position) }, 'folded'),
    onGeneration: (generation) => logger.info({ generation }, 'folding into the live generation'),
    onFailure: (failure) => logger.error(failure, 'projector failed'),
  });
  const rebuilder = new Rebuilder(
    jobs,
    { ...setup, keep },
    {
      onJob: (job) => logger.info(job, 'rebuild'),
      onFailure: (failure) => logger.error(failure, 'rebuild failed'),
    },
  );
  return {
    async close() {
      await Promise.all([projector.close(), rebuilder.close()]);
    },
  };
}
