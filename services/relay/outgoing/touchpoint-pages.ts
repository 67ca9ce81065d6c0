import type { Journal, RecordedTouchpoint } from '@touchline/journal';
import type { Message } from '@touchline/messaging';
import type { RelayLimits } from '../limits.ts';
import type { ContentMode } from './cloud-event.ts';
import { touchpointMessages } from './touchpoint-messages.ts';

/** What is published before the checkpoint moves. */
export interface TouchpointPage {
  /** In log order. */
  readonly messages: readonly Message[];
  /** Position of the last event. */
  readonly through: bigint;
  /** Events that could not be read in full. */
  readonly damaged: number;
}

export interface PageSource {
  readonly journal: Pick<Journal, 'subscribe'>;
  readonly after: bigint;
  readonly mode: ContentMode;
  readonly limits: Pick<RelayLimits, 'maxPageEvents' | 'maxPageBytes' | 'maxSliceEvents' | 'lingerMs'>;
  readonly signal: AbortSignal;
}

/**
 * The log as messages. A page is read in slices, each turned into bytes before the next is read: events and texts of a whole
 * page at once outlive the young generation of the heap, which costs more than reading them. It ends early where the log
 * does.
 */
export async function* touchpointPages(source: PageSource): AsyncGenerator<TouchpointPage, void, void> {
  const { journal, after, limits, signal } = source;
  const slices = journal
    .subscribe({ after, maxBatchEvents: sliceEvents(limits), signal })
    [Symbol.asyncIterator]();
  for (let next = slices.next(); ; ) {
    const page = new GrowingPage(source);
    while (!page.isFull) {
      const slice = page.messages.length === 0 ? await next : await within(limits.lingerMs, next);
      if (slice === undefined) break;
      if (slice.done === true) return;
      next = slices.next();
      next.catch(() => {}); // awaited when its turn comes
      page.take(slice.value);
    }
    yield page;
  }
}

class GrowingPage implements TouchpointPage {
  readonly messages: Message[] = [];
  through = 0n;
  damaged = 0;
  /** Or there is nothing more for now. */
  isFull = false;
  readonly #source: PageSource;
  #events = 0;
  #bytes = 0;

  constructor(source: PageSource) {
    this.#source = source;
  }

  take(slice: readonly RecordedTouchpoint[]): void {
    const { mode, limits } = this.#source;
    for (const recorded of slice) {
      for (const message of touchpointMessages(recorded, mode)) {
        this.messages.push(message);
        this.#bytes += message.value?.length ?? 0;
      }
      this.through = recorded.position;
      if (recorded.damage !== undefined) this.damaged += 1;
    }
    this.#events += slice.length;
    const wanted = sliceEvents(limits);
    const isLogRead = slice.length < wanted;
    const hasRoom = this.#events + wanted <= limits.maxPageEvents && this.#bytes < limits.maxPageBytes;
    this.isFull = isLogRead || !hasRoom;
  }
}

function sliceEvents({ maxSliceEvents, maxPageEvents }: PageSource['limits']): number {
  return Math.min(maxSliceEvents, maxPageEvents);
}

/** Nothing when it takes longer. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
