import { PositionText, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { AsOf } from '../queries/as-of.ts';
import type { AskedAsOf } from '../reading.ts';

/** What a list was asked as of, in its cursors: further pages are pages of the same list. */
export const CursorAsOf = z
  .object({
    position: PositionText,
    /** Milliseconds since the epoch, where a time was asked for. */
    time: z.int().optional(),
  })
  .optional();

type CursorAsOf = z.output<typeof CursorAsOf>;

/**
 * What a page is to be read as of: what its cursor says, if there is one. Throws the problem `invalid-cursor` where the
 * question says otherwise.
 */
export function askedWith(
  cursor: { readonly asof?: CursorAsOf } | undefined,
  asked: AskedAsOf | undefined,
): AskedAsOf | undefined {
  if (cursor === undefined) return asked;
  const { asof } = cursor;
  if (asked !== undefined && !isSame(asked, asof))
    throw new Problem('invalid-cursor', {
      errors: [{ pointer: '/cursor', detail: 'is of a list as of another point', in: 'query' }],
    });
  return asof && { position: BigInt(asof.position) };
}

/** What the cursor of the next page says. */
export function toldOn(
  cursor: { readonly asof?: CursorAsOf } | undefined,
  asked: AskedAsOf | undefined,
  asof: AsOf,
): { readonly asof?: CursorAsOf } {
  if (cursor !== undefined) return cursor.asof === undefined ? {} : { asof: cursor.asof };
  if (asof === undefined) return {};
  const position = String(asof);
  return { asof: asked?.time === undefined ? { position } : { position, time: asked.time } };
}

function isSame(asked: AskedAsOf, asof: CursorAsOf): boolean {
  if (asof === undefined) return false;
  return asked.time === undefined ? asked.position === BigInt(asof.position) : asked.time === asof.time;
}
