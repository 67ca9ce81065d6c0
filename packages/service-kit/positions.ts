import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from './problem.ts';

export const POSITION_HEADER = 'touchline-position';
export const MIN_POSITION_HEADER = 'touchline-min-position';
const DEFAULT_BOUND_MS = 2_000;

/** A place in the log as text: a decimal number, compared and never computed with. */
export const PositionText = z
  .string()
  .regex(/^\d{1,19}$/, 'must be a position: a decimal number as answered in touchline-position')
  .describe('A place in the log: a decimal number');

/** For the documentation of routes that read. */
export const MinPositionHeaders = z.object({
  [MIN_POSITION_HEADER]: PositionText.optional().describe(
    'Answer only when the read model is at least there',
  ),
});

/** How far a read model is, and how to hear when it gets further. */
export interface PositionSource {
  current(): Promise<bigint> | bigint;
  /** Resolves when the position has been reached; rejects when the signal aborts. */
  reached(position: bigint, signal: AbortSignal): Promise<unknown>;
}

/** The position a request asks for. Throws the problem `invalid-header` when it is none. */
export function minPositionOf(request: FastifyRequest): bigint | undefined {
  const given = request.raw.headers[MIN_POSITION_HEADER];
  if (given === undefined) return undefined;
  const parsed = PositionText.safeParse(given);
  if (parsed.success) return BigInt(parsed.data);
  const detail = parsed.error.issues[0]?.message ?? 'is not valid';
  throw new Problem('invalid-header', {
    errors: [{ pointer: `/${MIN_POSITION_HEADER}`, detail, in: 'header' }],
  });
}

/**
 * Waits until a read model has reached `minimum`, at most `boundMs` (2 s), and answers the position it speaks as of.
 * Throws the problem `position-not-reached` (503 with `Retry-After`) when the bound has passed.
 */
export async function waitForPosition(
  minimum: bigint | undefined,
  source: PositionSource,
  options: { boundMs?: number; signal?: AbortSignal } = {},
): Promise<bigint> {
  const current = await source.current();
  if (minimum === undefined || current >= minimum) return current;
  const deadline = AbortSignal.timeout(options.boundMs ?? DEFAULT_BOUND_MS);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  try {
    await source.reached(minimum, signal);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw positionNotReached(minimum, await source.current());
  }
  return source.current();
}

/** The problem `position-not-reached`: ask again in a moment. */
export function positionNotReached(minimum: bigint, position: bigint): Problem {
  return new Problem('position-not-reached', {
    detail: `The read model is at ${position}, not yet at ${minimum}.`,
    headers: { 'retry-after': '1', [POSITION_HEADER]: String(position) },
  });
}

/** Says at which position the answer was true, or where the write is. */
export function tellPosition(reply: FastifyReply, position: bigint): FastifyReply {
  return reply.header(POSITION_HEADER, String(position));
}
