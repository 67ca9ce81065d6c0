import type { Journal } from '@touchline/journal';
import type { Checkpoints } from '@touchline/messaging/checkpoints';
import type { RelayLimits } from '../limits.ts';
import type { OutputMeasures } from '../output-measures.ts';
import type { ContentMode } from './cloud-event.ts';
import type { LogNews } from './log-news.ts';
import { Place } from './place.ts';
import { type PublisherParts, publishAll } from './publisher.ts';
import { type TouchpointPage, touchpointPages } from './touchpoint-pages.ts';

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
  const { checkpoints, news } = parts;
  const place = await Place.find(checkpoints, TOUCHPOINTS);
  news.reaches(place.at);
  const reading = new AbortController();
  const pages = touchpointPages({
    ...parts,
    after: place.at,
    signal: AbortSignal.any([signal, reading.signal]),
  });
  let next = pages.next();
  try {
    for (let page = await next; page.done !== true; page = await next) {
      next = pages.next();
      next.catch(() => {}); // awaited when its turn comes, which a failure to publish may prevent
      news.reaches(page.value.through);
      await publishPage(page.value, place, parts, signal);
    }
  } finally {
    reading.abort();
    await next.catch(() => {});
  }
}

async function publishPage(
  { messages, through, damaged }: TouchpointPage,
  place: Place,
  parts: TouchpointOutputParts,
  signal: AbortSignal,
): Promise<void> {
  const { topic, measures } = parts;
  await publishAll({ topic, messages, signal, ...measures.callbacks(TOUCHPOINTS) }, parts);
  measures.damaged(damaged);
  await place.move(through);
}
