import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { tameRequestQueueTimer } from './request-queue-timer.ts';

interface Queue {
  readonly throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly inflight: ReadonlyMap<number, unknown>;
  push(request: object): void;
  fulfillRequest(response: object): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
}
type QueueClass = new (options: object) => Queue;

const RequestQueue = createRequire(import.meta.url)(
  'kafkajs/src/network/requestQueue/index.js',
) as QueueClass;
const silent = { debug() {}, warn() {} };
tameRequestQueueTimer();
tameRequestQueueTimer();

function newQueue(): Queue {
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger: silent,
  });
}

function request(correlationId: number, sendRequest = () => {}) {
  return { entry: { correlationId, resolve() {}, reject() {} }, expectResponse: true, sendRequest };
}

test('no timer is armed after an answer when nothing waits', () => {
  const queue = newQueue();
  queue.push(request(1));
  queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('a request that waits for its turn is sent when the one before is answered', () => {
  const queue = newQueue();
  queue.push(request(1));
  queue.push(request(2));
  expect([...queue.inflight.keys()]).toEqual([1]);
  queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  expect([...queue.inflight.keys()]).toEqual([2]);
  queue.destroy();
});

test('a request that the broker has asked to hold back is sent when the time is over', async () => {
  const queue = newQueue();
  queue.maybeThrottle(30);
  const sent = Promise.withResolvers<void>();
  queue.push(request(1, sent.resolve));
  expect(queue.inflight.size).toBe(0);
  await sent.promise;
  expect(queue.inflight.size).toBe(1);
  queue.destroy();
});
