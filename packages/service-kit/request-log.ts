import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Level, Logger } from 'pino';

/** The logger of one request. Its child logger is made with the first line written, which most requests never do. */
export class RequestLog implements FastifyBaseLogger {
  readonly #parent: Logger;
  readonly #id: unknown;
  #own: Logger | undefined;

  constructor(parent: Logger, id: unknown) {
    this.#parent = parent;
    this.#id = id;
  }

  get level(): string {
    return this.#parent.level;
  }

  fatal(...line: unknown[]): void {
    this.#write('fatal', line);
  }

  error(...line: unknown[]): void {
    this.#write('error', line);
  }

  warn(...line: unknown[]): void {
    this.#write('warn', line);
  }

  info(...line: unknown[]): void {
    this.#write('info', line);
  }

  debug(...line: unknown[]): void {
    this.#write('debug', line);
  }

  trace(...line: unknown[]): void {
    this.#write('trace', line);
  }

  silent(): void {}

  child(...bindings: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#log().child(...bindings);
  }

  #write(level: Level, line: unknown[]): void {
    if (!this.#parent.isLevelEnabled(level)) return;
    const log = this.#log();
    Reflect.apply(log[level], log, line);
  }

  #log(): Logger {
    this.#own ??= this.#parent.child({ request: this.#id });
    return this.#own;
  }
}

/** Fastify's own log lines, with constant messages and without addresses: those may carry identifiers of people. */
export class RequestLogController extends LogController {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  override incomingRequest(): void {}

  override requestCompleted(
    err: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { statusCode } = reply;
    const level = statusCode >= 500 ? 'warn' : statusCode >= 400 ? 'info' : 'debug';
    if (!this.#logger.isLevelEnabled(level)) return;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    const line = { ...describe(request), status: statusCode, durationMs };
    reply.log[level](err ? { ...line, err } : line, 'request completed');
  }

  override defaultErrorLog(err: Error, request: FastifyRequest, reply: FastifyReply): void {
    reply.log.error({ ...describe(request), err }, 'request failed');
  }

  override streamError(err: Error, request: FastifyRequest, reply: FastifyReply): void {
    reply.log.info({ ...describe(request), err }, 'answer ended early');
  }

  override routeNotFound(): void {}

  override writeHeadError(err: Error, request: FastifyRequest, reply: FastifyReply): void {
    reply.log.error({ ...describe(request), err }, 'headers could not be written');
  }

  override serializerError(err: Error, request: FastifyRequest, reply: FastifyReply): void {
    reply.log.error({ ...describe(request), err }, 'answer could not be serialized');
  }

  override serviceUnavailable(): void {}
}

/** A request for the log: by route pattern, never by address. */
export function describe(request: FastifyRequest): { method: string; route: string } {
  return { method: request.method, route: request.routeOptions.url ?? 'unmatched' };
}
