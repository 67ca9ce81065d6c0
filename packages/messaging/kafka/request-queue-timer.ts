import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

interface RequestQueueClass {
  readonly prototype: RequestQueue;
}

/**
 * kafkajs 2.2.4 arms a timer of a negative delay, so of one millisecond, after every answer even if no request waits, and
 * again when it fires: each connection wakes the process a thousand times a second (tulios/kafkajs#1751). Here the timer is
 * armed only when a request waits; whoever adds one arms it then.
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
}
