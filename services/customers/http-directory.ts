import { Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { Directory, KnownDecision } from './directory.ts';

const DEADLINE_MS = 2_000;

const Customer = z.object({ customerid: z.string() });
const Customers = z.object({ items: z.array(Customer) });
const Decision = z.object({ kind: z.string(), active: z.boolean(), parties: z.array(z.string()) });

/** Asks the timeline service of the installation. Throws the problem `unavailable` when it does not answer in time. */
export function httpDirectory(origin: string, token: string): Directory {
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(new URL(path, origin), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).catch((cause: unknown) => {
      throw unavailable(cause);
    });
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
  };
}

function unavailable(cause?: unknown): Problem {
  return new Problem('unavailable', {
    detail: 'The timeline service does not answer; who is meant cannot be checked.',
    headers: { 'retry-after': '1' },
    cause,
  });
}
