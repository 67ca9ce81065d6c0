import { openBacking } from '@touchline/backing';
import { type ProcessContext, systemClock } from '@touchline/service-kit';
import { ReadModels } from './read-models.ts';
import { replay } from './replay-service.ts';

export async function composeReplay({ config, masterKey, tokens }: ProcessContext) {
  const backing = await openBacking({ ...config, masterKey, appends: 'rarely' });
  const readModels = new ReadModels({ ...backing, clock: systemClock });
  readModels.watch();
  return {
    services: [{ service: replay, backing: { ...backing, readModels, tokens, clock: systemClock } }],
    async close(): Promise<void> {
      readModels.close();
      await backing.close();
    },
  } as const;
}
