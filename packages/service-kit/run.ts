import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { createServer, type ServerOptions } from './server.ts';
import type { App } from './service.ts';

const DEFAULT_SHUTDOWN_MS = 10_000;

export interface RunOptions<Backings extends readonly unknown[]> extends ServerOptions<Backings> {
  /** Releases what the services work with: called once, after the last request. */
  readonly close?: () => Promise<void>;
  /** How long requests in flight may take to finish. Default 10 s. */
  readonly shutdownMs?: number;
  /** Where signals come from and the process ends. Default the process itself. */
  readonly host?: SignalHost;
}

/** The part of `process` that is needed to end it in an orderly way. */
export interface SignalHost {
  on(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

export interface RunningServer {
  readonly app: App;
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly origin: string;
  /**
   * Stops accepting, ends event streams, lets requests in flight finish, then closes what the services work with.
   * Connections still open after `shutdownMs` are cut. Calling it again answers the same promise.
   */
  close(): Promise<void>;
}

/** The address cannot be listened on. Nothing was started. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly isRetryable = false;
  readonly code: 'port-in-use' | 'port-not-permitted' | 'host-not-available' | 'cannot-listen';

  constructor(code: ListenError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Listens and serves until SIGTERM or SIGINT, then drains and ends the process with 0, or with 1 when draining failed.
 * A second signal ends it at once. Throws `ListenError` when the address cannot be had.
 */
export async function runServer<const Backings extends readonly unknown[]>(
  options: RunOptions<Backings>,
): Promise<RunningServer> {
  const { logger, config, host = process } = options;
  const app = await createServer(options);
  const origin = await listen(app, config, options.close);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= drain(app, options).finally(stopListeningToSignals);
    return closing;
  };
  const onSignal = () => {
    if (closing !== undefined) {
      host.exit(1);
      return;
    }
    logger.info('shutting down');
    close().then(
      () => host.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'shutdown failed');
        host.exit(1);
      },
    );
  };
  const stopListeningToSignals = () => {
    host.off('SIGTERM', onSignal);
    host.off('SIGINT', onSignal);
  };
  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);
  logger.info({ origin, services: options.services.map(({ service }) => service.name) }, 'listening');
  return { app, origin, close };
}

async function listen(
  app: App,
  { host, port }: { host: string; port: number },
  close?: () => Promise<void>,
): Promise<string> {
  try {
    await app.listen({ host, port, listenTextResolver: () => 'socket open' });
  } catch (cause) {
    await app.close();
    await close?.();
    throw listenError(cause, host, port);
  }
  const address = app.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
}

function listenError(cause: unknown, host: string, port: number): ListenError {
  const { code } = cause as { code?: string };
  const at = `port ${port} on ${host}`;
  if (code === 'EADDRINUSE') {
    return new ListenError('port-in-use', `${at} is in use: stop what listens there or set TOUCHLINE_PORT`, {
      cause,
    });
  }
  if (code === 'EACCES') {
    return new ListenError(
      'port-not-permitted',
      `${at} may not be listened on: set TOUCHLINE_PORT above 1023`,
      { cause },
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ListenError(
      'host-not-available',
      `${host} is no address of this machine: set TOUCHLINE_HOST`,
      { cause },
    );
  }
  return new ListenError('cannot-listen', `${at} cannot be listened on`, { cause });
}

async function drain(
  app: App,
  options: { logger: Logger; shutdownMs?: number; close?: () => Promise<void> },
): Promise<void> {
  const deadline = setTimeout(() => {
    options.logger.warn('requests in flight are cut off');
    (app.server as Server).closeAllConnections();
  }, options.shutdownMs ?? DEFAULT_SHUTDOWN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(deadline);
    await options.close?.();
  }
  options.logger.info('stopped');
}
