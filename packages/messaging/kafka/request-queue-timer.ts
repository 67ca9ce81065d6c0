import { createRequire } from 'node:module';

interface SentRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, SentRequest>;
  readonly enforceRequestTimeout: boolean;
  requestTimeoutIntervalId: NodeJS.Timeout | undefined;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  isConnected(): boolean;
  destroy(): void;
}

interface RequestQueueClass {
  readonly prototype: RequestQueue;
}

/** How late it may be found that a broker has not answered in time. */
const LOOK_EVERY_MS = 1_000;

/**
 * kafkajs 2.2.4 arms a timer of a negative delay, so of one millisecond, after every answer even if no request waits, and
 * again when it fires: each connection wakes the process a thousand times a second (tulios/kafkajs#1751). Here the timer is
 * armed only when a request waits; whoever adds one arms it then. Ten times a second it looks on each connection for answers
 * that are late; here once.
 */
export function tameRequestQueueTimer(): void {
  const { prototype } = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue/index.js',
  ) as RequestQueueClass;
  const schedule = prototype.scheduleCheckPendingRequests;
  if (schedule.name === scheduleWhenNeeded.name) return;
  function scheduleWhenNeeded(this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  }
  prototype.scheduleCheckPendingRequests = scheduleWhenNeeded;
  prototype.scheduleRequestTimeoutCheck = lookForLateAnswers;
}

function lookForLateAnswers(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(() => {
    const now = Date.now();
    for (const request of this.inflight.values())
      if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!this.isConnected()) this.destroy();
  }, LOOK_EVERY_MS);
}
