import { afterEach, describe, expect, test } from 'vitest';
import type { App } from './service.ts';
import { BEARER, startTestServer, TOKEN } from './test-server.ts';

let app: App;
afterEach(() => app.close());

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function start(setup: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
  app = await startTestServer({
    routes: (scope) => {
      scope.get('/v1/things', async (request) => ({ who: request.principal?.id }));
      scope.post('/v1/things', async () => ({ done: true }));
    },
    ...setup,
  });
}

async function signedInCookie(): Promise<string> {
  const answer = await app.inject({ url: `/?token=${TOKEN}`, headers: HTML });
  return String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
}

describe('token', () => {
  test('opens a route and tells it who is asking', async () => {
    await start();
    const answer = await app.inject({ url: '/v1/things', headers: BEARER });
    expect(answer.json()).toEqual({ who: 'admin' });
  });

  test('is asked for, with a challenge, when there is none', async () => {
    await start();
    const answer = await app.inject('/v1/things');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="touchline"');
    expect(answer.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  test('that is wrong is refused, also when it begins like the right one', async () => {
    await start();
    for (const token of ['x', TOKEN.slice(0, -1), `${TOKEN}x`]) {
      const answer = await app.inject({ url: '/v1/things', headers: { authorization: `Bearer ${token}` } });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  test('is asked for before an address is said not to exist', async () => {
    await start();
    expect((await app.inject('/nowhere')).statusCode).toBe(401);
    expect((await app.inject({ url: '/nowhere', headers: BEARER })).statusCode).toBe(404);
  });

  test('is not needed for health', async () => {
    await start();
    expect((await app.inject('/health/live')).statusCode).toBe(200);
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).statusCode).toBe(401);
    expect((await app.inject('/openapi.json')).statusCode).toBe(401);
  });

  test('guessing is answered 429 after a while, and the right token still passes', async () => {
    await start();
    const guess = () => app.inject({ url: '/v1/things', headers: { authorization: 'Bearer guess' } });
    const statuses = await Promise.all(Array.from({ length: 21 }, guess));
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([...Array(20).fill(401), 429]);
    const held = await guess();
    expect(held.json()).toMatchObject({ code: 'too-many-attempts' });
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject({ url: '/v1/things', headers: BEARER })).statusCode).toBe(200);
  });
});

describe('browser', () => {
  test('gets the sign-in page, under a content security policy that allows its style', async () => {
    await start();
    const answer = await app.inject({ url: '/', headers: HTML });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain('<form method="post" action="/sign-in">');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toMatch(/style-src 'self' 'sha256-/);
    expect(policy).not.toContain('unsafe');
    // Or the form would come without its origin, and be taken for that of another site.
    expect(answer.headers['referrer-policy']).toBe('same-origin');
  });

  test('is signed in by the printed link, which leaves no token behind', async () => {
    await start();
    const answer = await app.inject({ url: `/?token=${TOKEN}`, headers: HTML });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).not.toContain(TOKEN);
    const asked = await app.inject({ url: '/v1/things', headers: { cookie: await signedInCookie() } });
    expect(asked.json()).toEqual({ who: 'admin' });
  });

  test('finds a page at / after signing in, the API page when no service has one', async () => {
    await start();
    const cookie = await signedInCookie();
    expect((await app.inject({ url: '/', headers: { ...HTML, cookie } })).headers.location).toBe('/docs/');
    await app.close();
    await start({
      routes: (scope) => {
        scope.get('/', { config: { page: true } }, async (_request, reply) =>
          reply.type('text/html').send('<h1>Hi'),
        );
      },
    });
    const page = await app.inject({ url: '/', headers: { ...HTML, cookie } });
    expect(page.body).toBe('<h1>Hi');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  });

  test('is shown the page again after a wrong token', async () => {
    await start();
    const answer = await app.inject({ url: '/?token=wrong', headers: HTML });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('role="alert"');
  });

  test('signs in with the form of the page, and not with a form of another site', async () => {
    await start();
    const form = (headers: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded', host: '127.0.0.1:4000', ...headers },
        payload: `token=${encodeURIComponent(TOKEN)}`,
      });
    expect((await form({ origin: 'http://127.0.0.1:4000' })).statusCode).toBe(303);
    expect((await form({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(303);
    expect((await form({ origin: 'http://evil.example' })).json()).toMatchObject({
      code: 'cross-site-request',
    });
    expect((await form({})).statusCode).toBe(403);
  });

  test('may change something only from a page of this server', async () => {
    await start();
    const cookie = await signedInCookie();
    const post = (headers: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: '/v1/things',
        headers: { cookie, host: 'localhost:4000', ...headers },
      });
    expect((await post({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
    expect((await post({ origin: 'http://localhost:4000' })).statusCode).toBe(200);
    expect((await post({ 'sec-fetch-site': 'same-site' })).statusCode).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await post({ origin: 'http://localhost:3000' })).statusCode).toBe(403);
    expect((await post({ origin: 'null' })).statusCode).toBe(403);
    expect((await post({})).statusCode).toBe(403);
  });

  test('session ends with its time, and a forged one never begins', async () => {
    let now = Date.parse('2026-11-22T08:00:00Z');
    await start({ clock: { now: () => now } });
    const cookie = await signedInCookie();
    const forged = cookie.replace(/\.(\d+)\./, (_, until) => `.${Number(until) + 1}.`);
    const ask = (value: string) => app.inject({ url: '/v1/things', headers: { cookie: `a=b; ${value}` } });
    expect((await ask(cookie)).statusCode).toBe(200);
    expect((await ask(forged)).statusCode).toBe(401);
    now += 7 * 24 * 60 * 60 * 1000;
    expect((await ask(cookie)).statusCode).toBe(401);
  });

  test('signs out', async () => {
    await start();
    const headers = { cookie: await signedInCookie(), 'sec-fetch-site': 'same-origin' };
    const answer = await app.inject({ method: 'POST', url: '/sign-out', headers });
    expect(answer.statusCode).toBe(303);
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
  });
});

describe('Host header', () => {
  test('must name this machine when the server is bound to the loopback', async () => {
    await start({ host: '127.0.0.1' });
    const ask = (host: string) => app.inject({ url: '/v1/things', headers: { ...BEARER, host } });
    for (const host of ['localhost', 'localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST:4000']) {
      expect((await ask(host)).statusCode).toBe(200);
    }
    for (const host of ['rebound.example', 'localhost.example:4000', '127.0.0.1.example', '10.0.0.7:4000']) {
      expect((await ask(host)).json()).toMatchObject({ code: 'misdirected-request', status: 421 });
    }
    expect((await app.inject({ url: '/health/live', headers: { host: 'rebound.example' } })).statusCode).toBe(
      421,
    );
  });

  test('is free when the server is bound to the network', async () => {
    await start({ host: '0.0.0.0' });
    const answer = await app.inject({ url: '/v1/things', headers: { ...BEARER, host: 'touchline.example' } });
    expect(answer.statusCode).toBe(200);
  });
});
