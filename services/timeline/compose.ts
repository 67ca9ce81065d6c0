import { openBacking } from '@touchline/backing';
import type { ProcessContext } from '@touchline/service-kit';
import { startFolding } from './folding.ts';
import { timelineReadModel } from './read-model.ts';
import { timeline } from './timeline-service.ts';

export async function composeTimeline({ config, logger, masterKey }: ProcessContext) {
  const { dataFolder, eventStore, keyStore, readStore } = config;
  const setup = { dataFolder, eventStore, keyStore, readStore, masterKey };
  const backing = await openBacking({ ...setup, appends: 'rarely' });
  const { journal, catalogue } = backing;
  const readModel = timelineReadModel(catalogue, journal);
  const reader = await backing.readStore.openReader(readModel);
  const { jobs } = backing.readStore;
  const folding = startFolding({ setup, jobs, journal, keepGenerations: config.keepGenerations, logger });
  return {
    services: [{ service: timeline, backing: { reader, catalogue, journal, measures: folding.measures } }],
    async close(): Promise<void> {
      await folding.close();
      await backing.close();
    },
  } as const;
}
