import { getEventListeners } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type EventSource, streamEvents } from './event-stream.ts';
import type { App } from './service.ts';
import { BEARER, startTestServer } from './test-server.ts';

/** Longer than the default of a second: a busy machine is no failure. */
const PATIENTLY = { timeout: 10_000 };

let app: App;
afterEach(() => app.close());

async function open(source: EventSource, options: { heartbeatMs?: number } = {}): Promise<IncomingMessage> {
  app = await startTestServer({
    routes: (scope) => {
      scope.get('/v1/live', (request, reply) => streamEvents(request, reply, source, options));
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return ask((app.server.address() as AddressInfo).port);
}

function ask(port: number): Promise<IncomingMessage> {
  const headers = { ...BEARER, accept: 'text/event-stream' };
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/v1/live', headers }, resolve).once('error', reject);
  });
}

function textOf(answer: IncomingMessage): { text: string; ended: boolean } {
  const seen = { text: '', ended: false };
  answer.setEncoding('utf8').on('data', (chunk) => {
    seen.text += chunk;
  });
  answer.on('end', () => {
    seen.ended = true;
  });
  return seen;
}

/** Waits for ever, as a live source with nothing to tell. */
async function* silence(signal: AbortSignal) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  yield* [];
}

test('events are written with id, name and data, and the stream ends with its source', async () => {
  const answer = await open(async function* () {
    yield { id: '7', event: 'entry', data: { name: '李雷' } };
    yield { data: 'two\nlines' };
  });
  expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const seen = textOf(answer);
  await vi.waitFor(() => expect(seen.ended).toBe(true), PATIENTLY);
  expect(seen.text).toBe(
    'retry: 2000\n\nid: 7\nevent: entry\ndata: {"name":"李雷"}\n\ndata: two\ndata: lines\n\n',
  );
});

test('a silent stream is kept alive by comments', async () => {
  const seen = textOf(await open(silence, { heartbeatMs: 5 }));
  await vi.waitFor(() => expect(seen.text.split('\n:\n').length).toBeGreaterThan(2), PATIENTLY);
});

test('shutdown ends the stream', async () => {
  const seen = textOf(await open(silence));
  await vi.waitFor(() => expect(seen.text).toContain('retry'), PATIENTLY);
  await app.close();
  await vi.waitFor(() => expect(seen.ended).toBe(true), PATIENTLY);
});

test('a client that leaves lets go of the source', async () => {
  let left = false;
  const answer = await open(async function* (signal) {
    try {
      yield { data: 1 };
      yield* silence(signal);
    } finally {
      left = true;
    }
  });
  answer.once('data', () => answer.destroy());
  await vi.waitFor(() => expect(left).toBe(true), PATIENTLY);
});

test('nothing is read ahead of a client that does not keep up', async () => {
  let produced = 0;
  const answer = await open(async function* () {
    for (;;) {
      produced += 1;
      yield { data: 'x'.repeat(10_000) };
    }
  });
  answer.pause();
  let before = -1;
  await vi.waitFor(
    () => {
      const now = produced;
      const isStill = now === before;
      before = now;
      expect(isStill).toBe(true);
    },
    { timeout: 5_000, interval: 100 },
  );
  // What fits into the buffers of both sockets, and no more.
  expect(produced).toBeLessThan(2_000);
  answer.destroy();
});

test('a source that fails breaks the stream, so that the client comes back', async () => {
  const answer = await open(async function* () {
    yield { data: 1 };
    throw new Error('gone');
  });
  const failed = new Promise((resolve) => answer.once('error', resolve));
  const seen = textOf(answer);
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  expect(seen.text).toContain('data: 1');
});

test('a client that does not accept event streams is refused', async () => {
  await (await open(silence)).destroy();
  const answer = await app.inject({ url: '/v1/live', headers: { ...BEARER, accept: 'application/json' } });
  expect(answer.json()).toMatchObject({ code: 'not-acceptable' });
});

test('many streams may be open, and those that ended leave nothing behind', async () => {
  const answer = await open(silence);
  const { port } = app.server.address() as AddressInfo;
  const others = await Promise.all(Array.from({ length: 20 }, () => ask(port)));
  expect(getEventListeners(app.shutdown, 'abort')).toHaveLength(21);
  for (const other of [answer, ...others]) other.destroy();
  await vi.waitFor(() => expect(getEventListeners(app.shutdown, 'abort')).toHaveLength(0), PATIENTLY);
});
