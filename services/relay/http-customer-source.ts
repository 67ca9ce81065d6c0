import { Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { CustomerSource } from './outgoing/customer-source.ts';

const DEADLINE_MS = 5_000;

const Position = z.string().regex(/^\d+$/).transform(BigInt);
const Changes = z.object({
  items: z.array(
    z.object({
      customerid: z.string(),
      subjects: z.array(z.string()),
      supersededby: z.string().optional(),
      more: z.literal(true).optional(),
      position: z.string(),
    }),
  ),
  next: z.string().nullable(),
  through: Position,
  settled: Position,
  parked: z.number(),
});
const Identity = z.object({ identifiers: z.array(z.object({ subject: z.string() })) });

/** Asks the timeline service over HTTP. Throws the problem `unavailable` when it does not answer as it should in time. */
export function httpCustomerSource(origin: string, token: string): CustomerSource {
  const get = async (path: string, signal?: AbortSignal): Promise<Response> => {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      return await fetch(new URL(path, origin), {
        headers: { authorization: `Bearer ${token}` },
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw unavailable(cause);
    }
  };
  return {
    async changes({ after, limit, signal }) {
      const answer = await get(`/v1/customers/changes?after=${after}&limit=${limit}`, signal);
      const { next, ...page } = await bodyOf(answer, Changes);
      return { ...page, hasNext: next !== null };
    },
    async subjectsOf(customerid) {
      const answer = await get(`/v1/customers/${customerid}/identity`);
      if (answer.status === 404) return undefined;
      return (await bodyOf(answer, Identity)).identifiers.map(({ subject }) => subject);
    },
  };
}

async function bodyOf<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
  if (!answer.ok) throw unavailable(new Error(`the timeline service answered ${answer.status}`));
  const body = schema.safeParse(await answer.json().catch(() => undefined));
  if (body.success) return body.data;
  throw unavailable(new Error('the timeline service answers something else'));
}

function unavailable(cause: unknown): Problem {
  return new Problem('unavailable', {
    detail: 'The timeline service does not answer.',
    headers: { 'retry-after': '1' },
    cause,
  });
}
