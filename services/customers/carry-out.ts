import { MinPositionHeaders, minPositionOf, waitForPosition } from '@touchline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Command, type Decided, type DecideParts, decide } from './decide.ts';
import type { Directory } from './directory.ts';
import { IdempotencyHeaders } from './idempotency-key.ts';

/** What every command says. */
export const said = {
  reason: z.string().trim().min(1, 'must say why').max(2_000).describe('Why, in words'),
  department: z.string().min(1).max(64).default('service').describe('Who in the company decided'),
};

export const commandHeaders = z.object({ ...IdempotencyHeaders.shape, ...MinPositionHeaders.shape });

export type CarryOut = (
  request: FastifyRequest,
  reply: FastifyReply,
  command: (directory: Directory) => Promise<Command>,
) => Promise<Decided>;

/** Makes a command out of a request once the directory knows what the client has seen, and decides it. */
export function carryingOut(parts: DecideParts & { readonly directory: Directory }): CarryOut {
  return async (request, reply, command) => {
    const minimum = minPositionOf(request);
    if (minimum === undefined || parts.positions === undefined)
      return decide(request, reply, await command(parts.directory), parts);
    await waitForPosition(minimum, parts.positions);
    // Readers may be given back an earlier generation at any moment.
    return decide(request, reply, await command(parts.directory.atLeast(minimum)), parts);
  };
}
