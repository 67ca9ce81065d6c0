import { openBacking } from '@touchline/backing';
import type { ProcessContext } from '@touchline/service-kit';
import { ProjectorThread } from './projector/projector-thread.ts';
import { timelineReadModel } from './read-model.ts';
import { timeline } from './timeline-service.ts';

export async function composeTimeline({ config, logger, masterKey }: ProcessContext) {
  const { dataFolder, eventStore, readStore } = config;
  const setup = { dataFolder, eventStore, readStore, masterKey };
  const backing = await openBacking({ ...setup, appends: 'rarely' });
  const { journal, catalogue } = backing;
  const reader = await backing.readStore.openReader(timelineReadModel(catalogue));
  const projector = new ProjectorThread(setup, {
    onStep: (step) => logger.debug({ ...step, position: String(step.position) }, 'folded'),
    onFailure: (failure) => logger.error(failure, 'projector failed'),
  });
  return {
    services: [{ service: timeline, backing: { reader, catalogue, journal } }],
    async close(): Promise<void> {
      await projector.close();
      await backing.close();
    },
  } as const;
}
