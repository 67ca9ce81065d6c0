import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '@touchline/event-store';
import type { Message } from '@touchline/messaging';
import type { Checkpoints } from '@touchline/messaging/checkpoints';
import type { RelayLimits } from '../limits.ts';
import type { OutputMeasures } from '../output-measures.ts';
import type { ChangedCustomer, ChangePage, CustomerSource } from './customer-source.ts';
import { customerTombstones } from './erasure.ts';
import { erasuresBetween } from './erasures-between.ts';
import type { LogNews } from './log-news.ts';
import { Place } from './place.ts';
import { type PublisherParts, publishAll } from './publisher.ts';

export const CUSTOMERS = 'customers';

export interface CustomerOutputParts extends PublisherParts {
  readonly customers: CustomerSource;
  readonly eventStore: Pick<EventStore, 'readAll'>;
  readonly checkpoints: Checkpoints;
  readonly topic: string;
  readonly limits: RelayLimits;
  readonly measures: OutputMeasures;
  readonly news: LogNews;
}

/**
 * Publishes customers as they are now, each time their composition has changed, and a tombstone where one was erased, until
 * `signal` aborts. It asks the read model by positions, so a rebuild or a rollback sets nothing off.
 */
export async function publishCustomers(parts: CustomerOutputParts, signal: AbortSignal): Promise<void> {
  const { customers, checkpoints, limits } = parts;
  const place = await Place.find(checkpoints, CUSTOMERS);
  const held = new HeldBack();
  let seen = place.at;
  while (!signal.aborted) {
    const ask = () => customers.changes({ after: seen, limit: limits.maxCustomers, signal });
    let page = await ask();
    if (held.isReleasedBy(page)) {
      seen = place.at;
      page = await ask();
    }
    held.note(page);
    const through = await publishPage(page, seen, parts, signal);
    // What is folded late changes customers at positions that were passed: a restart begins before it.
    await place.move(page.parked > 0 && page.settled < through ? page.settled : through);
    const isEnd = !page.hasNext && through === page.through;
    seen = through;
    if (isEnd) await rest(seen, parts, signal);
  }
}

/** What is recorded is folded soon. With nothing new in the log only what was held back can change a customer, by a person's hand. */
async function rest(
  seen: bigint,
  { news, limits }: Pick<CustomerOutputParts, 'news' | 'limits'>,
  signal: AbortSignal,
): Promise<void> {
  if (news.newest > seen)
    await delay(limits.pollMs, undefined, { signal }).catch(() => {}); // the loop ends
  else await news.rest({ atMostMs: limits.maxRestMs, signal });
}

/** Whether events that were held back have been folded since: what they changed lies before what was seen. */
class HeldBack {
  #parked = 0;
  #settled = 0n;

  isReleasedBy({ parked, settled }: ChangePage): boolean {
    return this.#parked > 0 && (parked < this.#parked || settled !== this.#settled);
  }

  note({ parked, settled }: ChangePage): void {
    this.#parked = parked;
    this.#settled = settled;
  }
}

async function publishPage(
  page: ChangePage,
  after: bigint,
  parts: CustomerOutputParts,
  signal: AbortSignal,
): Promise<bigint> {
  const { eventStore, limits, topic, measures } = parts;
  const range = { after, upTo: page.through, limit: limits.maxErasures, signal };
  const { erasures, through } = await erasuresBetween(eventStore, range);
  const told = [
    ...page.items.map((item) => ({ position: BigInt(item.position), messages: [customerMessage(item)] })),
    ...erasures.map((erasure) => ({ position: erasure.position, messages: customerTombstones(erasure) })),
  ];
  told.sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
  const messages = told.flatMap((one) => one.messages);
  await publishAll({ topic, messages, signal, ...measures.callbacks(CUSTOMERS) }, parts);
  return through;
}

function customerMessage({ customerid, subjects, supersededby, more, position }: ChangedCustomer): Message {
  return {
    key: customerid,
    value: JSON.stringify({ customerid, subjects, supersededby, more, position }),
    headers: { 'content-type': 'application/json', 'touchline-position': position },
  };
}
