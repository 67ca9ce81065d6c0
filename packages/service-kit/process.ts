import { type DestinationStream, type Logger, pino } from 'pino';
import { type AccessTokens, adminTokens } from './access.ts';
import { adminTokenOf } from './admin-token.ts';
import { type Config, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { type RunningServer, runServer } from './run.ts';
import type { MountedServices } from './service.ts';

/** What a process composes its services from. */
export interface ProcessContext {
  readonly config: Config;
  readonly logger: Logger;
  /** Value of `TOUCHLINE_MASTER_KEY`. */
  readonly masterKey: string | undefined;
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
  const { services, close } = await compose({ config, logger, masterKey: environment.TOUCHLINE_MASTER_KEY });
  const { token, access } = accessFor(config);
  const running = await runServer({ config, logger, access, services, close });
  process.stdout.write(`Touchline listens on ${running.origin}\n`);
  return { ...running, config, logger, token };
}

function accessFor(config: Config): { token: string; access: AccessTokens } {
  const token = adminTokenOf(config);
  return { token, access: adminTokens(token) };
}

/** Failures we know carry words for people; anything else is a defect, and its stack is what helps. */
function wordsFor(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return 'code' in failure && 'isRetryable' in failure ? failure.message : (failure.stack ?? failure.message);
}
