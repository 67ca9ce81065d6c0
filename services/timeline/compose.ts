import { openBacking } from '@touchline/backing';
import type { ProcessContext } from '@touchline/service-kit';
import { ProjectorThread } from './projector/projector-thread.ts';
import { timelineReadModel } from './read-model.ts';
import { timeline } from './timeline-service.ts';

export async function composeTimeline({ config, logger, masterKey }: ProcessContext) {
  const setup = { dataFolder: config.dataFolder, masterKey };
  const { journal, catalogue, readStore, close } = await openBacking(setup);
  const reader = await readStore.openReader(timelineReadModel(catalogue));
  const projector = new ProjectorThread(setup, {
    onStep: (step) => logger.debug({ ...step, position: String(step.position) }, 'folded'),
    onFailure: (failure) => logger.error(failure, 'projector failed'),
  });
  return {
    services: [{ service: timeline, backing: { reader, catalogue, journal } }],
    async close(): Promise<void> {
      await projector.close();
      await close();
    },
  } as const;
}
