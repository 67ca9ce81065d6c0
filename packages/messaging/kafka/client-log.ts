import kafkajs, { type LogEntry, type logCreator } from 'kafkajs';

/** Where the client's remarks go; a pino logger will do. */
export interface KafkaLogger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What may be told beside the message. Nothing of what messages contain is among it. */
const FIELDS = [
  'broker',
  'topic',
  'partition',
  'groupId',
  'retryCount',
  'retryTime',
  'apiName',
  'correlationId',
];
/** A broker that is away is told of again and again. */
const REPEAT_MS = 30_000;
const MAX_REMEMBERED = 100;
/** Limited retries of an idempotent producer: a failed one is never used again, see `Publisher`. */
const KNOWN = /^Limiting retries for the idempotent producer/;

/**
 * Hands on errors and warnings of the client. What it calls an error is mostly an attempt that will be repeated, so it goes
 * out as a warning: whoever called is told by an exception.
 */
export function clientLog(logger: KafkaLogger | undefined): logCreator {
  const toldAt = new Map<string, number>();
  const isNews = (said: string): boolean => {
    const now = performance.now();
    if (now - (toldAt.get(said) ?? -REPEAT_MS) < REPEAT_MS) return false;
    if (toldAt.size >= MAX_REMEMBERED) toldAt.clear();
    toldAt.set(said, now);
    return true;
  };
  return () => (entry) => {
    const said = entry.log.message;
    if (logger === undefined || KNOWN.test(said) || !isNews(said)) return;
    logger.warn({ client: entry.namespace, ...fieldsOf(entry) }, 'kafka client');
  };
}

export const CLIENT_LOG_LEVEL = kafkajs.logLevel.WARN;

function fieldsOf({ log }: LogEntry): object {
  const kept = Object.entries(log).filter(([name]) => FIELDS.includes(name));
  return { said: log.message, ...Object.fromEntries(kept) };
}
