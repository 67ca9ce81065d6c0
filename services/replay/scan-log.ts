import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { EventStore, Position, RecordedEvent } from '@touchline/event-store';

/** Events looked at for one page: what a filter throws away costs as much as what it keeps. */
const MAX_LOOKED_AT = 20_000;
const CHUNK_EVENTS = 500;
/** The largest events have a million characters each; a page ends when it has grown to this. */
const MAX_PAGE_CHARACTERS = 4 * 1_048_576;
/** Streams are read without a bound on characters, so in small pieces. */
const STREAM_CHUNK_EVENTS = 16;

export interface LogScan {
  readonly after: Position;
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page goes on; absent when there is nothing more now. A page may be short, or empty, before that. */
  readonly next?: Position;
}

type Log = Pick<EventStore, 'readAll' | 'readStream'>;

/** A page of the log in its order. Looks at a bounded number of events, and lets others run in between. */
export async function scanLog(log: Log, { stream, type, limit, after, signal }: LogScan): Promise<LogPage> {
  const chunk = type === undefined ? Math.min(limit + 1, CHUNK_EVENTS) : CHUNK_EVENTS;
  const pages = stream === undefined ? readOn(log, after, chunk) : readStreamOn(log, stream, after);
  const events: RecordedEvent[] = [];
  let [lookedAt, characters, last] = [0, 0, after];
  for await (const page of pages) {
    for (const event of page) {
      const isWanted = type === undefined || event.type === type;
      if (isWanted && (events.length === limit || characters >= MAX_PAGE_CHARACTERS))
        return { events, next: last };
      last = event.position;
      if (!isWanted) continue;
      events.push(event);
      characters += event.data.length;
    }
    lookedAt += page.length;
    if (lookedAt >= MAX_LOOKED_AT || signal.aborted) return { events, next: last };
    await eventLoopTurn();
  }
  return { events };
}

async function* readOn(log: Log, after: Position, limit: number): AsyncGenerator<readonly RecordedEvent[]> {
  for (let position = after; ; ) {
    const page = await log.readAll({ after: position, limit });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    position = last.position;
  }
}

async function* readStreamOn(
  log: Log,
  stream: string,
  after: Position,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = await firstVersionAfter(log, stream, after); ; ) {
    const page = await log.readStream(stream, { from, limit: STREAM_CHUNK_EVENTS });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    from = last.version + 1;
  }
}

/** Versions grow with positions: halving finds the place in a stream of any length with a few dozen reads. */
async function firstVersionAfter(log: Log, stream: string, after: Position): Promise<number> {
  const isBefore = async (version: number): Promise<boolean> => {
    const [event] = await log.readStream(stream, { from: version, limit: 1 });
    return event !== undefined && event.position <= after;
  };
  if (after === 0n) return 0;
  let [low, high] = [0, 1];
  while (await isBefore(high - 1)) [low, high] = [high, high * 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
