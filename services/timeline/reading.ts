import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import { minPositionOf, Problem, tellPosition, waitForPosition } from '@touchline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentCustomer } from './queries/customers.ts';

/** Runs `work` on one snapshot that is at least as new as the request demands, and tells its position. */
export async function reading<T>(
  reader: ReadModelReader,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const minimum = minPositionOf(request);
  if (minimum !== undefined) {
    await waitForPosition(minimum, {
      current: () => reader.position(),
      reached: (position, signal) => reader.reached(position, { signal }),
    });
  }
  return reader.read((snapshot) => {
    tellPosition(reply, snapshot.position);
    return work(snapshot);
  });
}

/** A superseded id leads to the customer it stands for now. */
export class Superseded {
  readonly customerid: string;
  constructor(customerid: string) {
    this.customerid = customerid;
  }
}

/** Throws the problem `unknown-customer`; answers `Superseded` when the id is not the current one. */
export async function superseded(snapshot: Snapshot, id: string): Promise<Superseded | undefined> {
  const current = await currentCustomer(snapshot, id);
  if (current === undefined) throw new Problem('unknown-customer');
  return current === id ? undefined : new Superseded(current);
}

/** 308 to the same address with the current id in it. */
export function redirect(
  request: FastifyRequest<{ Params: { customerid: string } }>,
  reply: FastifyReply,
  to: Superseded,
): FastifyReply {
  return reply.redirect(request.url.replace(request.params.customerid, to.customerid), 308);
}
