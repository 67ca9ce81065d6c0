import { openBacking } from '@touchline/backing';
import { customersService } from '@touchline/customers';
import { intakeService } from '@touchline/intake';
import {
  adminTokens,
  type Config,
  type RunningServer,
  readAdminToken,
  runServer,
  systemClock,
} from '@touchline/service-kit';
import { customerDirectory, ProjectorThread, timelineReadModel, timelineService } from '@touchline/timeline';
import type { Logger } from 'pino';
import { pageService } from './page/page-routes.ts';
import { loadSample } from './sample.ts';
import { statusService } from './status-service.ts';

export interface Standalone extends RunningServer {
  readonly token: string;
  readonly dataFolder: string;
  /** Touchpoints of the sample loaded by this start; 0 when the log was not empty or the sample is switched off. */
  readonly sampleLoaded: number;
}

/** Every service in one process on one data folder, which no other standalone process may use at the same time. */
export async function startStandalone(
  config: Config,
  options: { logger: Logger; masterKey?: string | undefined },
): Promise<Standalone> {
  const { logger } = options;
  const setup = { dataFolder: config.dataFolder, masterKey: options.masterKey };
  const backing = await openBacking({ ...setup, exclusive: true });
  const { journal, catalogue } = backing;
  const reader = await backing.readStore.openReader(timelineReadModel(catalogue));
  const projector = new ProjectorThread(setup, {
    onStep: (step) => logger.debug(step, 'folded'),
    onFailure: (failure) => logger.error(failure, 'projector failed'),
  });
  const close = async (): Promise<void> => {
    await projector.close();
    await backing.close();
  };
  const token = config.adminToken ?? readAdminToken(config.dataFolder).token;
  const directory = customerDirectory(reader, journal);
  const running = await runServer({
    config,
    logger,
    access: adminTokens(token),
    close,
    services: [
      { service: intakeService, backing: { journal, catalogue, clock: systemClock } },
      { service: timelineService, backing: { reader, catalogue, journal } },
      { service: customersService, backing: { journal, catalogue, directory, clock: systemClock } },
      { service: statusService, backing: { journal, reader } },
      { service: pageService, backing: {} },
    ],
  });
  const sampleLoaded = config.sample ? await loadSample({ journal, catalogue, reader, logger }) : 0;
  return { ...running, token, dataFolder: config.dataFolder, sampleLoaded };
}
