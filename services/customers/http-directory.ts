import { MIN_POSITION_HEADER } from '@touchline/service-kit';
import { z } from 'zod';
import type { Directory, KnownDecision, KnownEntry } from './directory.ts';
import { type HttpTimeline, unavailable } from './http-timeline.ts';

const Customer = z.object({ customerid: z.string() });
const Customers = z.object({ items: z.array(Customer) });
const Decision = z.object({ kind: z.string(), active: z.boolean(), parties: z.array(z.string()) });
const Entry = z.object({
  type: z.string(),
  identifier: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  corrected: z.object({ time: z.string() }).optional(),
  retracted: z.object({}).optional(),
});

/** Asks the timeline service. Throws the problem `unavailable` when it does not answer in time. */
export function httpDirectory(timeline: HttpTimeline, minimum?: bigint): Directory {
  const headers = minimum === undefined ? {} : { [MIN_POSITION_HEADER]: String(minimum) };
  const ask = async (path: string): Promise<unknown> => {
    const answer = await timeline.get(path, { headers });
    if (answer.status === 404 || answer.status === 422) return undefined;
    if (!answer.ok) throw unavailable(new Error(`the timeline service answered ${answer.status}`));
    return answer.json();
  };
  return {
    async find(reference) {
      if (/^[0-9a-f]{24}$/.test(reference)) {
        const found = await ask(`/v1/customers/${reference}`);
        return found === undefined ? undefined : Customer.parse(found);
      }
      const found = await ask(`/v1/customers?identifier=${encodeURIComponent(reference)}`);
      return found === undefined ? undefined : Customers.parse(found).items[0];
    },
    async decision(eventid): Promise<KnownDecision | undefined> {
      const found = await ask(`/v1/decisions/${eventid}`);
      return found === undefined ? undefined : Decision.parse(found);
    },
    async entry(eventid): Promise<KnownEntry | undefined> {
      const found = await ask(`/v1/entries/${eventid}?limit=1`);
      return found === undefined ? undefined : Entry.parse(found);
    },
    atLeast: (position) => httpDirectory(timeline, position),
  };
}
