import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { streamEvents } from './event-stream.ts';
import { MAX_BLIND_MS } from './known-tokens.ts';
import type { App } from './service.ts';
import { BEARER, startTestServer } from './test-server.ts';
import { TokenScene } from './testing/token-scene.ts';
import type { TokenRegister } from './token-register.ts';

const PATIENTLY = { timeout: 15_000 };
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let scene: TokenScene;
let app: App;
let register: TokenRegister;
/** One that was made by a person, with its id. */
let made: { readonly token: string; readonly id: string };
const apps: App[] = [];

async function* heartbeatsOnly(signal: AbortSignal) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  yield* [];
}

/** As a process that starts. */
async function startProcess(): Promise<{ app: App; register: TokenRegister }> {
  const started = await scene.start();
  const server = await startTestServer({
    access: started.access,
    clock: scene.clock,
    routes: (scope) => {
      scope.get('/v1/things', async (request) => ({ who: request.principal?.id }));
      scope.get('/v1/live', (request, reply) =>
        streamEvents(request, reply, heartbeatsOnly, { heartbeatMs: 50 }),
      );
    },
  });
  apps.push(server);
  return { app: server, register: started.register };
}

beforeEach(async () => {
  scene = await TokenScene.make();
  ({ app, register } = await startProcess());
  const { token, record } = await register.create({ name: 'reports', role: 'admin' }, 'admin');
  made = { token, id: record.id };
});
afterEach(async () => {
  for (const one of apps.splice(0)) await one.close();
  await scene.close();
});

const ask = (headers: Record<string, string>, server = app) => server.inject({ url: '/v1/things', headers });
const bearer = () => ({ authorization: `Bearer ${made.token}` });

async function signIn(): Promise<{ cookie: string }> {
  const answer = await app.inject({ url: `/?token=${made.token}`, headers: HTML });
  return { cookie: String(answer.headers['set-cookie']).split(';', 1)[0] ?? '' };
}

describe('a token of the store', () => {
  test('opens a route in its own name, beside that of the administrator', async () => {
    expect((await ask(bearer())).json()).toEqual({ who: `token:${made.id}` });
    expect((await ask({ ...BEARER })).json()).toEqual({ who: 'admin' });
  });

  test('counts as known in the measures while the store can be read', async () => {
    const { body } = await app.inject({ url: '/metrics', headers: bearer() });
    expect(body).toContain('touchline_tokens_read 1\n');
    scene.isAway = true;
    const missed = async () => (await app.inject({ url: '/metrics', headers: bearer() })).body;
    await vi.waitFor(async () => expect(await missed()).toContain('touchline_tokens_read 0\n'), PATIENTLY);
  });

  test('that is revoked is refused, also on a connection that it was let in by', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const statusOf = async () =>
      (await fetch(`http://127.0.0.1:${port}/v1/things`, { headers: bearer() })).status;
    expect(await statusOf()).toBe(200);
    await register.revoke(made.id, 'admin');
    expect(await statusOf()).toBe(401);
  });

  test('ends its event streams when it is revoked', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const headers = { ...bearer(), accept: 'text/event-stream' };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/v1/live', headers }, resolve).once('error', reject);
    });
    const beats: string[] = [];
    const ended = new Promise<void>((resolve) => answer.once('end', resolve));
    answer.setEncoding('utf8').on('data', (text: string) => beats.push(text));
    await vi.waitFor(() => expect(beats.join('')).toContain(':\n\n'), PATIENTLY);
    await register.revoke(made.id, 'admin');
    await ended;
  });
});

describe('a session that a token of the store began', () => {
  test('is one at every process, also at one that starts later', async () => {
    const session = await signIn();
    expect((await ask(session)).json()).toEqual({ who: `token:${made.id}` });
    expect((await ask(session, (await startProcess()).app)).statusCode).toBe(200);
  });

  test('ends with the token', async () => {
    const session = await signIn();
    const other = await startProcess();
    await other.register.revoke(made.id, 'admin');
    expect((await ask(session, other.app)).statusCode).toBe(401);
    await vi.waitFor(async () => expect((await ask(session)).statusCode).toBe(401), PATIENTLY);
  });
});

describe('while the store is away', () => {
  const goAway = async () => {
    scene.isAway = true;
    await vi.waitFor(() => expect(register.known.areComplete).toBe(false), PATIENTLY);
  };

  test('a token that is not known is not called invalid, and guessing is held back as ever', async () => {
    await goAway();
    const answer = await ask({ authorization: 'Bearer other' });
    expect(answer.json()).toMatchObject({ status: 503, code: 'token-store-unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
    const typed = await app.inject({ url: '/?token=other', headers: HTML });
    expect(typed.statusCode).toBe(503);
    expect((await ask(bearer())).statusCode).toBe(200);
    const guesses = await Promise.all(
      Array.from({ length: 30 }, () => ask({ authorization: 'Bearer guess' })),
    );
    expect(guesses.at(-1)?.statusCode).toBe(429);
  });

  test('for too long, only the administrator is let in', async () => {
    await goAway();
    scene.aheadMs = MAX_BLIND_MS + 1;
    expect((await ask(bearer())).statusCode).toBe(503);
    expect((await ask({ ...BEARER })).statusCode).toBe(200);
  });
});
