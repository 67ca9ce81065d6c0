import { openBacking } from '@touchline/backing';
import { type ProcessContext, systemClock } from '@touchline/service-kit';
import { ReadModels } from './read-models.ts';
import { replay } from './replay-service.ts';

export async function composeReplay({ config, masterKey }: ProcessContext) {
  const { eventStore, readStore, close } = await openBacking({ ...config, masterKey, appends: 'rarely' });
  const readModels = new ReadModels({ eventStore, readStore, clock: systemClock });
  readModels.watch();
  return {
    services: [{ service: replay, backing: { eventStore, readStore, readModels } }],
    async close(): Promise<void> {
      readModels.close();
      await close();
    },
  } as const;
}
