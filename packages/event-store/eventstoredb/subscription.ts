import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Position, type RecordedEvent, START } from '../event-store.ts';
import { toEventStoreError } from './client-errors.ts';
import { Deadline } from './deadline.ts';
import { STREAM_PREFIX, toRecordedEvent } from './event-codec.ts';
import type { EventStoreDbLimits } from './limits.ts';
import type { LogServer } from './log-server.ts';
import { OutageWatch } from './outage-watch.ts';
import { RecordFlow } from './record-flow.ts';

/** Held by the client before they are pulled: enough to keep the connection busy. */
const MAX_AHEAD_EVENTS = 256;
/** A batch ends when it has grown large, so that one of the largest events fits in memory as well. */
const MAX_BATCH_CHARACTERS = 4 * 1_048_576;

export type SubscriptionLimits = Pick<
  EventStoreDbLimits,
  'resumePauseMs' | 'maxResumePauseMs' | 'maxOutageMs' | 'maxConfirmMs'
>;

export interface SubscriptionOptions {
  /** 0 for the start of the log. */
  readonly after: Position;
  readonly maxBatchEvents: number;
  /** Its reason is thrown. */
  readonly signal: AbortSignal;
  readonly limits: SubscriptionLimits;
}

/**
 * Everything of ours after a position, then whatever comes. It remembers the last position and nothing else: a subscription
 * that the server or the network ends is opened again from there, after a pause. Fails with what cannot be helped by waiting,
 * and with `event-store-unavailable` after an outage of `maxOutageMs`.
 */
export async function* follow(
  server: LogServer,
  { after, maxBatchEvents, signal, limits }: SubscriptionOptions,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  const outage = new OutageWatch(limits);
  const maxAheadEvents = Math.min(maxBatchEvents, MAX_AHEAD_EVENTS);
  for (let position = after; ; await outage.pause(signal)) {
    signal.throwIfAborted();
    const place = position > START ? position : undefined;
    using flow = new RecordFlow(server.subscribe({ prefix: STREAM_PREFIX, after: place, maxAheadEvents }));
    try {
      await confirm(flow, limits.maxConfirmMs, signal);
      outage.confirmed();
      for (;;) {
        const batch = await nextBatch(flow, position, maxBatchEvents, signal);
        const last = batch.at(-1);
        if (last === undefined) break;
        outage.delivered();
        position = last.position;
        yield batch;
      }
    } catch (error) {
      signal.throwIfAborted();
      outage.failed(toEventStoreError(error));
    }
  }
}

async function confirm(flow: RecordFlow, maxConfirmMs: number, signal: AbortSignal): Promise<void> {
  using deadline = new Deadline(maxConfirmMs, signal);
  await flow.confirmed(deadline.signal);
}

/** What has come, at least one event; empty when the flow has ended. A batch ends when a turn of the event loop brings nothing. */
async function nextBatch(
  flow: RecordFlow,
  after: Position,
  maxEvents: number,
  signal: AbortSignal,
): Promise<readonly RecordedEvent[]> {
  const batch: RecordedEvent[] = [];
  let characters = 0;
  let record = await flow.next(signal);
  while (record !== undefined) {
    const event = toRecordedEvent(record);
    if (event.position > (batch.at(-1)?.position ?? after)) {
      batch.push(event);
      characters += event.data.length;
    }
    if (batch.length >= maxEvents || characters >= MAX_BATCH_CHARACTERS) break;
    record = flow.take();
    if (record !== undefined) continue;
    await nextTurn();
    record = flow.take() ?? (batch.length === 0 ? await flow.next(signal) : undefined);
  }
  return batch;
}
