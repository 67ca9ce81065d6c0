import { openTokenStore } from '@touchline/access';
import {
  createLogger,
  type ProcessContext,
  readConfig,
  systemClock,
  TokenRegister,
} from '@touchline/service-kit';

/** What a process composes its services from, but silent. */
export async function processContext(environment: Readonly<Record<string, string>>): Promise<ProcessContext> {
  const { config } = readConfig(environment);
  const logger = createLogger({ level: 'silent' });
  const tokens = new TokenRegister({ store: await openTokenStore(config), clock: systemClock, logger });
  return { config, logger, masterKey: undefined, tokens };
}
