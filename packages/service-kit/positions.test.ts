import { afterEach, expect, test } from 'vitest';
import { minPositionOf, type PositionSource, tellPosition, waitForPosition } from './positions.ts';
import type { App } from './service.ts';
import { BEARER, startTestServer } from './test-server.ts';

/** A read model that gets where the test moves it. */
function readModel(start: bigint): PositionSource & { moveTo(position: bigint): void } {
  let position = start;
  const waiting = new Set<() => void>();
  return {
    current: () => position,
    reached: (wanted, signal) =>
      new Promise((resolve, reject) => {
        waiting.add(() => (position >= wanted ? resolve(undefined) : undefined));
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    moveTo(next) {
      position = next;
      for (const wake of waiting) wake();
    },
  };
}

let app: App | undefined;
afterEach(() => app?.close());

async function ask(source: PositionSource, headers: Record<string, string>, boundMs = 2_000) {
  app = await startTestServer({
    routes: (scope) =>
      scope.get('/v1/read', async (request, reply) => {
        tellPosition(reply, await waitForPosition(minPositionOf(request), source, { boundMs }));
        return {};
      }),
  });
  return app.inject({ url: '/v1/read', headers: { ...BEARER, ...headers } });
}

test('a read without a wish is answered at once, with the position it speaks as of', async () => {
  const answer = await ask(readModel(7n), {});
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['touchline-position']).toBe('7');
});

test('a read that wishes for a later position is answered when it is reached', async () => {
  const model = readModel(7n);
  const reached = model.reached;
  const source = {
    ...model,
    reached: (position: bigint, signal: AbortSignal) => {
      queueMicrotask(() => model.moveTo(9n));
      return reached(position, signal);
    },
  };
  const answer = await ask(source, { 'touchline-min-position': '8' });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['touchline-position']).toBe('9');
});

test('a position that is not reached within the bound is a problem to retry', async () => {
  const answer = await ask(readModel(7n), { 'touchline-min-position': '8' }, 5);
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('1');
  expect(answer.headers['touchline-position']).toBe('7');
  expect(answer.json()).toMatchObject({
    code: 'position-not-reached',
    detail: 'The read model is at 7, not yet at 8.',
  });
});

test('a failure while waiting is not mistaken for the bound', async () => {
  const source: PositionSource = { current: () => 1n, reached: () => Promise.reject(new Error('gone')) };
  expect((await ask(source, { 'touchline-min-position': '2' })).json()).toMatchObject({ code: 'internal' });
});

test('a wish that is no position is refused', async () => {
  for (const wish of ['-1', '1.5', 'latest', '9'.repeat(30)]) {
    const answer = await ask(readModel(7n), { 'touchline-min-position': wish });
    expect(answer.json()).toMatchObject({
      code: 'invalid-header',
      errors: [{ in: 'header', pointer: '/touchline-min-position' }],
    });
    await app?.close();
  }
});
