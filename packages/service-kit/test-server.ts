import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { type AccessTokens, adminTokens } from './access.ts';
import type { Clock } from './clock.ts';
import { createLogger } from './logger.ts';
import { createServer } from './server.ts';
import { type App, type Check, defineService, type Service } from './service.ts';

/** What tests of this package share: a server with routes made up by the test. */
export const TOKEN = 'test-token-0123456789';
export const BEARER = { authorization: `Bearer ${TOKEN}` };

export interface TestServer {
  readonly routes?: (app: App) => void;
  readonly checks?: readonly Check[];
  readonly rateLimit?: { maxRequests: number; windowMs: number };
  readonly logger?: Logger;
  readonly host?: string;
  readonly clock?: Clock;
  readonly access?: AccessTokens;
}

export function testService(setup: TestServer): Service<undefined> {
  return defineService<undefined>({
    name: 'trial',
    title: 'Trial service',
    routes: (app) => setup.routes?.(app),
    checks: () => setup.checks ?? [],
    ...(setup.rateLimit === undefined ? {} : { rateLimit: setup.rateLimit }),
  });
}

export function startTestServer(setup: TestServer = {}): Promise<App> {
  return createServer({
    services: [{ service: testService(setup), backing: undefined }],
    access: setup.access ?? adminTokens(TOKEN),
    logger: setup.logger ?? silentLogger(),
    config: { host: setup.host ?? '127.0.0.1', port: 4000 },
    checkAnswers: true,
    ...(setup.clock === undefined ? {} : { clock: setup.clock }),
  });
}

export function silentLogger(): Logger {
  return createLogger({ level: 'silent' });
}

/** A logger whose lines can be read. */
export function recordingLogger(): { logger: Logger; text: () => string } {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { logger: createLogger({ level: 'trace', destination }), text: () => chunks.join('') };
}
