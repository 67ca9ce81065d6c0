import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { tameRequestQueueTimer } from './request-queue-timer.ts';

interface Queue {
  readonly throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly inflight: ReadonlyMap<number, unknown>;
  push(request: object): void;
  fulfillRequest(response: object): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}
type QueueClass = new (options: object) => Queue;

const RequestQueue = createRequire(import.meta.url)(
  'kafkajs/src/network/requestQueue/index.js',
) as QueueClass;
const silent = { debug() {}, warn() {} };
tameRequestQueueTimer();
tameRequestQueueTimer();
afterEach(() => vi.useRealTimers());

function newQueue(): Queue {
  return new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger: silent,
    enforceRequestTimeout: true,
  });
}

function request(correlationId: number, sendRequest = () => {}, reject = (_failure: unknown) => {}) {
  return { entry: { correlationId, resolve() {}, reject }, expectResponse: true, sendRequest };
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

test('an answer that does not come in time is found within a second', () => {
  vi.useFakeTimers();
  const queue = newQueue();
  queue.scheduleRequestTimeoutCheck();
  const failures: unknown[] = [];
  queue.push(request(1, undefined, (failure) => failures.push(failure)));
  vi.advanceTimersByTime(1_000);
  expect(failures).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(failures).toMatchObject([{ name: 'KafkaJSRequestTimeoutError' }]);
  expect(queue.inflight.size).toBe(0);
  queue.destroy();
  expect(vi.getTimerCount()).toBe(0);
});
