import { openTokenStore } from '@touchline/access';
import { type DestinationStream, type Logger, pino } from 'pino';
import { adminTokens } from './access.ts';
import { adminTokenOf } from './admin-token.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { type RunningServer, runServer } from './run.ts';
import type { MountedServices } from './service.ts';
import { StoredTokens } from './stored-tokens.ts';
import { TokenRegister } from './token-register.ts';

/** What a process composes its services from. */
export interface ProcessContext {
  readonly config: Config;
  readonly logger: Logger;
  /** Value of `TOUCHLINE_MASTER_KEY`. */
  readonly masterKey: string | undefined;
  /** Makes and revokes tokens, for the service that offers it. */
  readonly tokens: TokenRegister;
}

export interface Composition<Backings extends readonly unknown[]> {
  readonly services: MountedServices<Backings>;
  /** Releases what the services work with: called once, after the last request. */
  close(): Promise<void>;
}

export interface StartedProcess extends RunningServer {
  readonly config: Config;
  readonly logger: Logger;
  readonly token: string;
}

/**
 * Makes this process a server: reads the environment, composes the services, listens, and ends in an orderly way on
 * SIGTERM and SIGINT. Its address goes to
 * stdout, the log to stderr. When it cannot start it says why in words and ends with exit code 1.
 */
export async function startProcess<const Backings extends readonly unknown[]>(
  compose: (context: ProcessContext) => Promise<Composition<Backings>>,
): Promise<StartedProcess> {
  try {
    return await start(compose, process.env, pino.destination(2));
  } catch (failure) {
    process.stderr.write(`\nTouchline cannot start: ${wordsFor(failure)}\n`);
    process.exit(1);
  }
}

async function start<const Backings extends readonly unknown[]>(
  compose: (context: ProcessContext) => Promise<Composition<Backings>>,
  environment: Readonly<Record<string, string | undefined>>,
  destination: DestinationStream,
): Promise<StartedProcess> {
  const { config, warnings } = readConfig(environment, { also: ['TOUCHLINE_MASTER_KEY', 'TOUCHLINE_URL'] });
  const logger = createLogger({ level: config.logLevel, destination });
  for (const warning of warnings) logger.warn(warning);
  const tokens = new TokenRegister({ store: await openTokenStore(config), clock: systemClock, logger });
  const masterKey = environment.TOUCHLINE_MASTER_KEY;
  const { services, close } = await compose({ config, logger, masterKey, tokens });
  const token = adminTokenOf(config);
  const access = new StoredTokens({ admin: adminTokens(token), known: tokens.known });
  await tokens.start();
  const running = await runServer({
    ...{ config, logger, access, services },
    checks: [{ name: 'tokens', check: () => tokens.check() }],
    async close(): Promise<void> {
      await close();
      await tokens.close();
    },
  });
  process.stdout.write(`Touchline listens on ${running.origin}\n`);
  return { ...running, config, logger, token };
}

/** Failures we know carry words for people; anything else is a defect, and its stack is what helps. */
function wordsFor(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return 'code' in failure && 'isRetryable' in failure ? failure.message : (failure.stack ?? failure.message);
}
