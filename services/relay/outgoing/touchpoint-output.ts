import type { Journal, RecordedTouchpoint } from '@touchline/journal';
import type { Checkpoints } from '@touchline/messaging/checkpoints';
import type { RelayLimits } from '../limits.ts';
import type { OutputMeasures } from '../output-measures.ts';
import type { ContentMode } from './cloud-event.ts';
import type { LogNews } from './log-news.ts';
import { Place } from './place.ts';
import { type PublisherParts, publishAll } from './publisher.ts';
import { touchpointMessages } from './touchpoint-messages.ts';

export const TOUCHPOINTS = 'touchpoints';

export interface TouchpointOutputParts extends PublisherParts {
  readonly journal: Pick<Journal, 'subscribe'>;
  readonly checkpoints: Checkpoints;
  readonly topic: string;
  readonly mode: ContentMode;
  readonly limits: RelayLimits;
  readonly measures: OutputMeasures;
  /** Told of what is read from the log. */
  readonly news: LogNews;
}

/**
 * Publishes every touchpoint after the checkpoint in log order, and goes on as they are recorded, until `signal` aborts. The
 * checkpoint moves after the broker has acknowledged a page, so what was published last may be published again. While a
 * page is being acknowledged the next one is read, and no more.
 */
export async function publishTouchpoints(parts: TouchpointOutputParts, signal: AbortSignal): Promise<void> {
  const { checkpoints, journal, limits, news } = parts;
  const place = await Place.find(checkpoints, TOUCHPOINTS);
  news.reaches(place.at);
  const reading = new AbortController();
  const pages = journal
    .subscribe({
      after: place.at,
      maxBatchEvents: limits.maxPageEvents,
      signal: AbortSignal.any([signal, reading.signal]),
    })
    [Symbol.asyncIterator]();
  let next = pages.next();
  try {
    for (let page = await next; page.done !== true; page = await next) {
      next = pages.next();
      news.reaches(page.value.at(-1)?.position ?? 0n);
      next.catch(() => {}); // awaited when its turn comes, which a failure to publish may prevent
      await publishPage(page.value, place, parts, signal);
    }
  } finally {
    reading.abort();
    await next.catch(() => {});
  }
}

async function publishPage(
  page: readonly RecordedTouchpoint[],
  place: Place,
  parts: TouchpointOutputParts,
  signal: AbortSignal,
): Promise<void> {
  const { topic, mode, measures } = parts;
  const messages = page.flatMap((recorded) => touchpointMessages(recorded, mode));
  await publishAll({ topic, messages, signal, ...measures.callbacks(TOUCHPOINTS) }, parts);
  measures.damaged(page.filter(({ damage }) => damage !== undefined).length);
  const last = page.at(-1);
  if (last !== undefined) await place.move(last.position);
}
