import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import {
  minPositionOf,
  Problem,
  positionNotReached,
  tellPosition,
  waitForPosition,
} from '@touchline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AsOf, lastRecordedBy } from './queries/as-of.ts';
import { currentCustomer } from './queries/customers.ts';

/** What a request wants to know the past of: a position, or a time in milliseconds since the epoch. */
export type AskedAsOf =
  | { readonly position: bigint; readonly time?: never }
  | { readonly time: number; readonly position?: never };

/** The position that an answer about the past speaks as of. */
export const ASOF_HEADER = 'touchline-asof';

/**
 * Runs `work` on one snapshot that is at least as new as the request demands, and tells its position. To answer as of
 * a position before it can be read would be to answer otherwise a moment later: it is waited for like a demanded one.
 */
export async function reading<T>(
  reader: ReadModelReader,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (snapshot: Snapshot, asof: AsOf) => Promise<T>,
  asked?: AskedAsOf,
): Promise<T> {
  const minimum = later(minPositionOf(request), asked?.position);
  if (minimum !== undefined) {
    await waitForPosition(minimum, {
      current: () => reader.position(),
      reached: (position, signal) => reader.reached(position, { signal }),
    });
  }
  return reader.read(async (snapshot) => {
    // Readers may have been given back an earlier generation since.
    if (minimum !== undefined && snapshot.position < minimum)
      throw positionNotReached(minimum, snapshot.position);
    tellPosition(reply, snapshot.position);
    if (asked === undefined) return work(snapshot, undefined);
    const asof =
      asked.time === undefined ? Number(asked.position) : await lastRecordedBy(snapshot, asked.time);
    reply.header(ASOF_HEADER, String(asof));
    return work(snapshot, asof);
  });
}

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

/** A superseded id leads to the customer it stands for now, or stood for then. */
export class Superseded {
  readonly customerid: string;
  constructor(customerid: string) {
    this.customerid = customerid;
  }
}

/**
 * Throws the problem `unknown-customer`, or `not-yet-known` when only the time asked for is too early; answers
 * `Superseded` when the id is not the one of then.
 */
export async function superseded(
  snapshot: Snapshot,
  id: string,
  asof?: AsOf,
): Promise<Superseded | undefined> {
  const current = await currentCustomer(snapshot, id, asof);
  if (current !== undefined) return current === id ? undefined : new Superseded(current);
  const isKnownNow = asof !== undefined && (await currentCustomer(snapshot, id)) !== undefined;
  throw new Problem(isKnownNow ? 'not-yet-known' : 'unknown-customer');
}

/** 308 to the same address with the current id in it. */
export function redirect(
  request: FastifyRequest<{ Params: { customerid: string } }>,
  reply: FastifyReply,
  to: Superseded,
): FastifyReply {
  return reply.redirect(request.url.replace(request.params.customerid, to.customerid), 308);
}
