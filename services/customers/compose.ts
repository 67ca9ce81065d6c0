import { openBacking } from '@touchline/backing';
import { adminTokenOf, type ProcessContext, systemClock } from '@touchline/service-kit';
import { customers } from './customers-service.ts';
import { httpDirectory } from './http-directory.ts';
import { httpPositions } from './http-positions.ts';
import { httpTimeline } from './http-timeline.ts';

export async function composeCustomers({ config, masterKey }: ProcessContext) {
  const { journal, catalogue, close } = await openBacking({ ...config, masterKey });
  const timeline = httpTimeline(config.timelineUrl, adminTokenOf(config));
  const backing = {
    journal,
    catalogue,
    directory: httpDirectory(timeline),
    positions: httpPositions(timeline),
    clock: systemClock,
  };
  return { services: [{ service: customers, backing }], close } as const;
}
