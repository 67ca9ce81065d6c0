import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../event-store.ts';
import type { ChangeWatch } from './change-watch.ts';

export interface SubscriptionSource {
  read(after: Position, limit: number): readonly RecordedEvent[];
  readonly watch: ChangeWatch;
}

export interface SubscriptionOptions {
  readonly after: Position;
  readonly maxBatchEvents: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Everything after a position, then whatever comes. It remembers the last position and nothing else, so a slow consumer
 * costs no memory, and catch-up and live are the same page read: there is no seam where an event could be lost.
 */
export async function* follow(
  { read, watch }: SubscriptionSource,
  { after, maxBatchEvents, signal }: SubscriptionOptions,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  let position = after;
  while (!signal?.aborted) {
    const mark = watch.mark();
    const batch = read(position, maxBatchEvents);
    const last = batch.at(-1);
    if (last) {
      yield batch;
      position = last.position;
      // Reading is synchronous: without a pause a long catch-up would keep the event loop from everybody else.
      await nextTurn();
    } else {
      await watch.change(mark, signal);
    }
  }
}
