import { createLogger, readConfig, signInLink } from '@touchline/service-kit';
import { pino } from 'pino';
import { type Standalone, startStandalone } from './compose.ts';

/** `npm start`: the whole of Touchline in one process. Words for people go to stdout, the log goes to stderr. */
try {
  const { config, warnings } = readConfig(process.env, { also: ['TOUCHLINE_MASTER_KEY'] });
  const logger = createLogger({ level: config.logLevel, destination: pino.destination(2) });
  for (const warning of warnings) logger.warn(warning);
  const running = await startStandalone(config, { logger, masterKey: process.env.TOUCHLINE_MASTER_KEY });
  process.stdout.write(welcome(running));
} catch (failure) {
  process.stderr.write(`\nTouchline cannot start: ${wordsFor(failure)}\n`);
  process.exit(1);
}

function welcome({ origin, token, dataFolder, sampleLoaded }: Standalone): string {
  const sample =
    sampleLoaded === 0
      ? ''
      : `  Sample  ${sampleLoaded} touchpoints of a made-up company; TOUCHLINE_SAMPLE=off starts empty\n`;
  return `
Touchline is running.

  Open    ${signInLink(origin, token)}
  API     ${origin}/docs
  Data    ${dataFolder}
${sample}
`;
}

/** Failures we know carry words for people; anything else is a defect, and its stack is what helps. */
function wordsFor(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return 'code' in failure && 'isRetryable' in failure ? failure.message : (failure.stack ?? failure.message);
}
