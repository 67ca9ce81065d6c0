import { hash } from 'node:crypto';
import { type Principal, Problem } from '@touchline/service-kit';
import { z } from 'zod';

export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

const Key = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters without spaces');

export const IdempotencyHeaders = z.object({
  [IDEMPOTENCY_KEY_HEADER]: Key.optional().describe('Makes sending the command again safe, for ever'),
});

/**
 * The id of the event a keyed command writes. Derived from key and principal, so that the log itself recognises a
 * repeat; hashed, because a key may be anything.
 */
export function idForKey(key: string, principal: Principal): string {
  if (!Key.safeParse(key).success) throw new Problem('invalid-header');
  return `key-${hash('sha256', JSON.stringify([principal.id, key]), 'base64url')}`;
}
