import type { BackingSetup } from '@touchline/backing';
import type { Journal } from '@touchline/journal';
import type { JobBoard } from '@touchline/read-store';
import type { Logger } from '@touchline/service-kit';
import { FoldingMeasures } from './folding-measures.ts';
import { ProjectorThread } from './projector/projector-thread.ts';
import { Rebuilder } from './rebuilder/rebuilder.ts';

export interface FoldingOptions {
  readonly setup: BackingSetup;
  readonly jobs: JobBoard;
  /** Counts what each step should have held. */
  readonly journal: Pick<Journal, 'count' | 'counting'>;
  /** Former generations kept for a rollback. */
  readonly keepGenerations: number;
  readonly logger: Logger;
}

export interface Folding {
  readonly measures: FoldingMeasures;
  close(): Promise<void>;
}

/** Whatever writes the read model "timeline" in this process: the projector's thread, and one for rebuilds when one is due. */
export function startFolding(options: FoldingOptions): Folding {
  const { setup, jobs, journal, keepGenerations: keep, logger } = options;
  const measures = new FoldingMeasures(journal);
  const projector = new ProjectorThread(setup, {
    onStep: (step) => {
      measures.step(step);
      const place = { from: String(step.from), position: String(step.position) };
      if (step.repeats > 0)
        logger.warn({ ...place, repeats: step.repeats }, 'dropped events the log holds more than once');
      logger.debug({ ...step, ...place }, 'folded');
    },
    onGeneration: (generation) => logger.info({ generation }, 'folding into the live generation'),
    onFailure: (failure) => {
      measures.failure(failure.code);
      logger.error(failure, 'projector failed');
    },
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
    measures,
    async close() {
      await Promise.all([projector.close(), rebuilder.close()]);
    },
  };
}
