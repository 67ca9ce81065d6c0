import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/problem.ts';
import { RawConnection, request } from '../support/raw-connection.ts';
import { note } from '../support/sample-events.ts';
import { TOKEN, TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

const SIGNED = { authorization: `Bearer ${TOKEN}` };
const EVENT = { ...SIGNED, 'content-type': 'application/cloudevents+json' };

let folder: string;
let touchline: TouchlineProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-hostile-connections-'));
  touchline = await TouchlineProcess.start({ dataFolder: folder });
  await until(async () => (await touchline.fetch('/health/ready')).ok, 'the server is ready');
});
afterAll(async () => {
  await touchline?.stop();
  await rm(folder, { recursive: true, force: true });
});

const connections: RawConnection[] = [];
const connect = async (): Promise<RawConnection> => {
  const connection = await RawConnection.open(touchline.origin);
  connections.push(connection);
  return connection;
};
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  // Whatever was tried, the next one is served.
  expect((await touchline.fetch('/health/ready')).status).toBe(200);
});

const posted = (id: string): string =>
  request('POST /v1/events', { headers: EVENT, body: JSON.stringify(note(id)) });
const head = async (): Promise<number> => Number((await touchline.json<{ head: string }>('/v1/status')).head);

describe('a connection', () => {
  test('may carry several requests at once, each answered in its turn', async () => {
    const connection = await connect();
    const broken = request('POST /v1/events', { headers: EVENT, body: '{"broken' });
    connection.send(posted('p1') + broken + posted('p2') + posted('p1'));
    expect(await connection.answers(4)).toEqual([201, 400, 201, 200]);
  });

  test('may send a body in pieces, without its length', async () => {
    const body = JSON.stringify(note('pieces'));
    const pieces = [body.slice(0, 7), body.slice(7)].map((one) => `${one.length.toString(16)}\r\n${one}\r\n`);
    const connection = await connect();
    connection.send(
      request('POST /v1/events', { headers: { ...EVENT, 'transfer-encoding': 'chunked' } }) +
        `${pieces.join('')}0\r\n\r\n`,
    );
    expect(await connection.answers(1)).toEqual([201]);
  });

  test('may ask whether to go on', async () => {
    const body = JSON.stringify(note('expected'));
    const length = String(Buffer.byteLength(body));
    const connection = await connect();
    connection.send(
      request('POST /v1/events', {
        headers: { ...EVENT, expect: '100-continue', 'content-length': length },
      }),
    );
    expect(await connection.answers(1)).toEqual([100]);
    connection.send(body);
    expect(await connection.answers(2)).toEqual([100, 201]);
  });

  test.each<[string, string, number]>([
    ['a body of two lengths', lengths('content-length: 2\r\ncontent-length: 3'), 400],
    ['a length and pieces', lengths('content-length: 2\r\ntransfer-encoding: chunked'), 400],
    ['a negative length', lengths('content-length: -2'), 400],
    ['a piece of no size', `${lengths('transfer-encoding: chunked').slice(0, -2)}ZZ\r\n{}\r\n0\r\n\r\n`, 400],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01', 400],
    ['HTTP of another age', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['bare line ends', 'GET /health/live HTTP/1.1\nhost: 127.0.0.1\n\n', 400],
    ['a header with U+0000', request('GET /health/live', { headers: { x: 'a\0b' } }), 400],
    ['a name with a space', request('GET /health/live', { headers: { 'x ': 'a' } }), 400],
    ['a header of 20 KiB', request('GET /health/live', { headers: { x: 'x'.repeat(20_480) } }), 431],
    ['an address of 20 KiB', request(`GET /health/live?${'x'.repeat(20_480)}`), 431],
    ['a method nobody knows', request('FETCH /health/live'), 400],
  ])('with %s is refused, and nothing behind it is taken for a request', async (_name, bytes, status) => {
    const before = await head();
    const connection = await connect();
    connection.send(bytes + posted('smuggled'));
    const [first] = await connection.answers(1);
    expect(first).toBe(status);
    await connection.closed();
    expect(await head()).toBe(before);
  });

  test.each<[string, string, number]>([
    ['no host', 'GET /v1/status HTTP/1.1\r\n\r\n', 400],
    ['no host, as it was once allowed', 'GET /v1/status HTTP/1.0\r\n\r\n', 421],
    ['the name of another host', request('GET /health/live', { headers: { host: 'evil.example' } }), 421],
    ['our name in another', request('GET /', { headers: { host: '127.0.0.1.evil.example' } }), 421],
    ['our name before another', request('GET /', { headers: { host: '127.0.0.1@evil.example' } }), 421],
    ['an expectation we do not know', request('GET /', { headers: { expect: 'cake' } }), 417],
  ])('with %s is refused', async (_name, bytes, status) => {
    const connection = await connect();
    connection.send(bytes);
    expect(await connection.answers(1)).toEqual([status]);
  });
});

function lengths(headers: string): string {
  return request('POST /v1/events', { headers: EVENT }).replace(/\r\n$/, `${headers}\r\n\r\n{}`);
}

test('a body that ends too early is not recorded', async () => {
  const before = await head();
  const connection = await connect();
  connection.send(posted('half').slice(0, -10));
  connection.destroy();
  await connection.closed();
  expect((await touchline.post(note('whole'))).status).toBe(201);
  expect(await head()).toBe(before + 1);
});

test('hundreds of clients that never finish their headers keep nobody else waiting', async () => {
  const slow = await Promise.all(Array.from({ length: 300 }, connect));
  for (const connection of slow) connection.send('POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ');
  const started = Date.now();
  expect((await touchline.post(note('not-waiting'))).status).toBe(201);
  expect(Date.now() - started).toBeLessThan(2_000);
  for (const connection of slow) expect(connection.isClosed).toBe(false);
});

describe('a method that is not allowed', () => {
  test.each([
    ['PUT', '/v1/events', 'POST'],
    ['DELETE', '/v1/events', 'POST'],
    ['GET', '/v1/events', 'POST'],
    ['OPTIONS', '/v1/events', 'POST'],
    ['PROPFIND', '/v1/events', 'POST'],
    ['POST', '/v1/search', 'GET, HEAD'],
    ['DELETE', '/v1/customers/x', 'GET, HEAD'],
    ['POST', '/health/live', 'GET, HEAD'],
  ])('%s %s is answered with those that are', async (method, path, allowed) => {
    const answer = await touchline.fetch(path, { method });
    await expectProblem(answer, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const answer = await touchline.fetch('/v1/search?q=x', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await touchline.fetch('/v1/events', { method: 'HEAD' })).status).toBe(405);
  });
});

describe('whoever has no token', () => {
  const bare = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, touchline.origin), { redirect: 'manual', ...init });

  test('learns nothing, not even which addresses there are', async () => {
    for (const path of ['/v1/status', '/v1/nothing', '/docs', '/docs/json', '/page/main.js', '/metrics'])
      await expectProblem(await bare(path), 'unauthenticated');
    await expectProblem(await bare('/v1/events', { method: 'PUT' }), 'unauthenticated');
    for (const token of ['', 'Basic eDp5', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Token ${TOKEN}`])
      await expectProblem(await bare('/v1/status', { headers: { authorization: token } }), 'unauthenticated');
    const image = await bare('/v1/events', { method: 'POST', body: Buffer.alloc(1_000_000) });
    await expectProblem(image, 'unauthenticated');
  });

  test('may guess twenty times a minute, which keeps out nobody who knows', async () => {
    const guesses: number[] = [];
    for (let at = 0; at < 30; at++)
      guesses.push((await bare('/v1/status', { headers: { authorization: `Bearer ${at}` } })).status);
    expect(guesses.at(-1)).toBe(429);
    const refused = await bare('/v1/status', { headers: { authorization: 'Bearer x' } });
    await expectProblem(refused, 'too-many-attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const byLink = await bare('/?token=guess');
    await expectProblem(byLink, 'too-many-attempts');
    expect((await touchline.fetch('/v1/status')).status).toBe(200);
    expect((await bare(`/?token=${TOKEN}`)).status).toBe(303);
  });
});

describe('the session of a browser', () => {
  const signIn = async (): Promise<string> => {
    const answer = await fetch(new URL(`/?token=${TOKEN}`, touchline.origin), { redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
    return cookie.split(';')[0] ?? '';
  };

  test('lets pages of this server write, and those of others not', async () => {
    const cookie = await signIn();
    const write = (headers: Record<string, string>): Promise<Response> =>
      fetch(new URL('/v1/events', touchline.origin), {
        method: 'POST',
        headers: { 'content-type': 'text/plain', cookie, ...headers },
        body: JSON.stringify(note('cross-site')),
      });
    const before = await head();
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: touchline.origin },
      { origin: `${touchline.origin}.evil.example` },
    ])
      await expectProblem(await write(headers), 'cross-site-request');
    expect(await head()).toBe(before);
    const own = await write({
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
    });
    expect(own.status).toBe(201);
  });

  test('cannot be made up or prolonged', async () => {
    const cookie = await signIn();
    const [name, value] = cookie.split('=', 2);
    const [id, until, signature] = value?.split('.') ?? [];
    const forged = [
      `${id}.${Number(until) + 1}.${signature}`,
      `${id}.${until}.`,
      `${id}.${until}`,
      `${id}.${until}.${signature}.`,
      `${Buffer.from('__proto__').toString('base64url')}.${until}.${signature}`,
      '..',
    ];
    const status = async (one: string): Promise<number> =>
      (await fetch(new URL('/v1/status', touchline.origin), { headers: { cookie: `${name}=${one}` } }))
        .status;
    expect(await status(value ?? '')).toBe(200);
    for (const one of forged) expect([one, await status(one)]).toEqual([one, 401]);
  });
});
