import { type DestinationStream, type LogFn, type Logger, pino, type SerializedError } from 'pino';
import type { Config } from './config.ts';

const MAX_FRAMES = 12;
const SECRETS = ['authorization', 'cookie', 'token', 'headers', 'body', 'query', 'url'];

/**
 * The logger of a process. What could hold personal data is kept out by three rules: requests are logged by route
 * pattern only, errors without their message unless they are our own failures, and the usual suspects are redacted.
 */
export function createLogger(options: {
  level: Config['logLevel'];
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    hooks: { logMethod: withMessage },
    serializers: { err: describeError, error: describeError, req: () => undefined, res: describeAnswer },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** Pino takes the message of an error for the line's message when there is none. */
function withMessage(this: Logger, line: Parameters<LogFn>, method: LogFn): void {
  const [first, second] = line as readonly unknown[];
  if (typeof first === 'object' && second === undefined) method.call(this, first, 'unnamed');
  else method.apply(this, line);
}

/**
 * An error for the log. Messages of foreign errors are left out, because they may quote the input (`JSON.parse`
 * does); those of our own failures (they have `isRetryable`) speak of technology only.
 */
export function describeError(error: unknown): SerializedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const described: Record<string, unknown> = { type: error.name };
  if (typeof code === 'string') described.code = code;
  if ('isRetryable' in error) described.message = error.message;
  described.stack = framesOf(error).join('\n');
  const deeper = cause === error ? undefined : describeError(cause);
  if (deeper !== undefined) described.cause = deeper;
  return described as unknown as SerializedError;
}

/** The stack without its head, where the message stands: a message may have lines that look like frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const end = message === '' ? 0 : stack.indexOf(message) + message.length;
  if (end < message.length) return [];
  const lines = stack.slice(end).split('\n');
  return lines.filter((line) => /^\s+at .*(?::\d+:\d+|<anonymous>)\)?$/.test(line)).slice(0, MAX_FRAMES);
}

function describeAnswer(answer: { statusCode?: number }): { statusCode?: number } {
  return answer.statusCode === undefined ? {} : { statusCode: answer.statusCode };
}
