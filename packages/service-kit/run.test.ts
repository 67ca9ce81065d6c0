import { EventEmitter } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { adminTokens } from './access.ts';
import { streamEvents } from './event-stream.ts';
import { type RunningServer, runServer, type SignalHost } from './run.ts';
import type { App } from './service.ts';
import { BEARER, silentLogger, TOKEN, testService } from './test-server.ts';

/** Longer than the default of a second: a busy machine is no failure. */
const PATIENTLY = { timeout: 10_000 };

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function signalHost(): SignalHost & { emit(signal: string): void; exits: number[] } {
  const emitter = new EventEmitter();
  const exits: number[] = [];
  return {
    on: (event, listener) => emitter.on(event, listener),
    off: (event, listener) => emitter.off(event, listener),
    emit: (signal) => emitter.emit(signal),
    exit: (code) => exits.push(code),
    exits,
  };
}

async function run(options: {
  routes?: (app: App) => void;
  close?: () => Promise<void>;
  shutdownMs?: number;
  port?: number;
}) {
  const host = signalHost();
  const { routes, port, ...rest } = options;
  const service = testService(routes === undefined ? {} : { routes });
  server = await runServer({
    services: [{ service, backing: undefined }],
    access: adminTokens(TOKEN),
    logger: silentLogger(),
    config: { host: '127.0.0.1', port: port ?? 0 },
    host,
    ...rest,
  });
  return { ...server, host };
}

function ask(origin: string, path: string) {
  const seen = { status: 0, text: '', ended: false, failed: false };
  const sent = request(`${origin}${path}`, { headers: BEARER }, (answer) => {
    seen.status = answer.statusCode ?? 0;
    answer.setEncoding('utf8').on('data', (chunk) => {
      seen.text += chunk;
    });
    answer.on('end', () => {
      seen.ended = true;
    });
    answer.on('error', () => {
      seen.failed = true;
    });
  });
  sent.on('error', () => {
    seen.failed = true;
  });
  sent.end();
  return seen;
}

/** A route whose answer the test gives. */
function slowRoute() {
  const gate = { begun: false, finish: () => {} };
  const finished = new Promise<void>((resolve) => {
    gate.finish = resolve;
  });
  const routes = (app: App) => {
    app.get('/v1/slow', async () => {
      gate.begun = true;
      await finished;
      return { done: true };
    });
  };
  return { gate, routes };
}

test('SIGTERM lets requests in flight finish, refuses new ones, then closes the backing and ends the process', async () => {
  const { gate, routes } = slowRoute();
  const order: string[] = [];
  const { origin, host } = await run({ routes, close: async () => void order.push('backing closed') });
  const slow = ask(origin, '/v1/slow');
  await vi.waitFor(() => expect(gate.begun).toBe(true), PATIENTLY);
  host.emit('SIGTERM');
  await vi.waitFor(() => expect(isRefused(origin)).resolves.toBe(true), PATIENTLY);
  expect(order).toEqual([]);
  gate.finish();
  await vi.waitFor(() => expect(host.exits).toEqual([0]), PATIENTLY);
  await vi.waitFor(
    () => expect(slow).toMatchObject({ status: 200, text: '{"done":true}', ended: true }),
    PATIENTLY,
  );
  expect(order).toEqual(['backing closed']);
});

function isRefused(origin: string): Promise<boolean> {
  const { port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

test('a request that arrives on an open connection during shutdown is told so', async () => {
  const { gate, routes } = slowRoute();
  const { origin, app, close } = await run({ routes });
  let text = '';
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  const head = `GET /v1/slow HTTP/1.1\r\nhost: localhost\r\nauthorization: ${BEARER.authorization}\r\n\r\n`;
  socket.write(head);
  await vi.waitFor(() => expect(gate.begun).toBe(true), PATIENTLY);
  const refused = new Promise((resolve) => app.server.once('request', resolve));
  const closing = close();
  await vi.waitFor(() => expect(app.shutdown.aborted).toBe(true), PATIENTLY);
  socket.write(head);
  await refused;
  gate.finish();
  await closing;
  await vi.waitFor(() => expect(text).toContain('"code":"shutting-down"'), PATIENTLY);
  expect(text).toMatch(/^HTTP\/1\.1 200 .*\{"done":true\}HTTP\/1\.1 503 /s);
});

test('event streams end at once', async () => {
  const { origin, close } = await run({
    routes: (app) => {
      app.get('/v1/live', (asked, reply) =>
        streamEvents(asked, reply, async function* (signal) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          yield { data: 'late' };
        }),
      );
    },
  });
  const live = ask(origin, '/v1/live');
  await vi.waitFor(() => expect(live.text).toContain('retry'), PATIENTLY);
  await close();
  await vi.waitFor(() => expect(live.ended).toBe(true), PATIENTLY);
});

test('what does not finish within the deadline is cut off', async () => {
  const { gate, routes } = slowRoute();
  const { origin, close } = await run({ routes, shutdownMs: 20 });
  const slow = ask(origin, '/v1/slow');
  await vi.waitFor(() => expect(gate.begun).toBe(true), PATIENTLY);
  await close();
  await vi.waitFor(() => expect(slow.failed).toBe(true), PATIENTLY);
});

test('a second signal ends the process at once', async () => {
  const { gate, routes } = slowRoute();
  const { origin, host } = await run({ routes });
  ask(origin, '/v1/slow');
  await vi.waitFor(() => expect(gate.begun).toBe(true), PATIENTLY);
  host.emit('SIGINT');
  host.emit('SIGINT');
  expect(host.exits).toEqual([1]);
  gate.finish();
});

test('a backing that cannot be closed makes the process end with 1', async () => {
  const { host, close } = await run({ close: () => Promise.reject(new Error('stuck')) });
  host.emit('SIGTERM');
  await vi.waitFor(() => expect(host.exits).toEqual([1]), PATIENTLY);
  await expect(close()).rejects.toThrow('stuck');
  server = undefined;
});

test('a port in use is an error that names port and variable, and what was opened is closed again', async () => {
  const first = await run({});
  const port = Number(new URL(first.origin).port);
  let closed = false;
  const second = runServer({
    services: [],
    access: adminTokens(TOKEN),
    logger: silentLogger(),
    config: { host: '127.0.0.1', port },
    close: async () => {
      closed = true;
    },
  });
  await expect(second).rejects.toMatchObject({
    code: 'port-in-use',
    message: `port ${port} on 127.0.0.1 is in use: stop what listens there or set TOUCHLINE_PORT`,
  });
  expect(closed).toBe(true);
});

test('what is no HTTP is answered as a problem, too', async () => {
  const { origin } = await run({});
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain('"code":"invalid-request"');
});
