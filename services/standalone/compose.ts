import { openBacking } from '@touchline/backing';
import { customers } from '@touchline/customers';
import { intake } from '@touchline/intake';
import { type ProcessContext, systemClock } from '@touchline/service-kit';
import { customerDirectory, ProjectorThread, timelineReadModel, timeline } from '@touchline/timeline';
import { page } from './page/page-routes.ts';
import { sampleLoader } from './sample.ts';
import { status } from './status-service.ts';

/** Every service on one data folder, which no other standalone process may use at the same time. */
export async function composeStandalone({ config, logger, masterKey }: ProcessContext) {
  const setup = { dataFolder: config.dataFolder, masterKey };
  const backing = await openBacking({ ...setup, exclusive: true });
  const { journal, catalogue } = backing;
  const reader = await backing.readStore.openReader(timelineReadModel(catalogue));
  const projector = new ProjectorThread(setup, {
    onStep: (step) => logger.debug({ ...step, position: String(step.position) }, 'folded'),
    onFailure: (failure) => logger.error(failure, 'projector failed'),
  });
  const directory = customerDirectory(reader, journal);
  return {
    services: [
      { service: intake, backing: { journal, catalogue, clock: systemClock } },
      { service: timeline, backing: { reader, catalogue, journal } },
      { service: customers, backing: { journal, catalogue, directory, clock: systemClock } },
      { service: status, backing: { journal, reader } },
      { service: page, backing: {} },
    ],
    loadSample: sampleLoader({ journal, catalogue, reader, logger }),
    async close(): Promise<void> {
      await projector.close();
      await backing.close();
    },
  } as const;
}
