import { openBacking } from '@touchline/backing';
import { type ProcessContext, readAdminToken, systemClock } from '@touchline/service-kit';
import { customers } from './customers-service.ts';
import { httpDirectory } from './http-directory.ts';

export async function composeCustomers({ config, masterKey }: ProcessContext) {
  const { journal, catalogue, close } = await openBacking({ ...config, masterKey });
  const token = config.adminToken ?? readAdminToken(config.dataFolder).token;
  const directory = httpDirectory(config.timelineUrl, token);
  const backing = { journal, catalogue, directory, clock: systemClock };
  return { services: [{ service: customers, backing }], close } as const;
}
