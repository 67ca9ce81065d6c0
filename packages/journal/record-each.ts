import type { Touchpoint } from '@touchline/touchpoints';
import type { Draft, Journal, Outcome } from './journal.ts';

/** What became of one touchpoint; `internal` when it alone cannot be recorded, which is a defect of ours. */
export type EachOutcome =
  | Outcome
  | { readonly ok: false; readonly code: 'internal'; readonly cause: unknown };

/**
 * Records touchpoints so that one that trips over a defect does not take its neighbours along: when a call fails for
 * no reason of the stores, or for the damaged key of a data subject, it is split until the culprit stands alone.
 * Other failures of the stores are thrown.
 */
export async function recordEach(
  journal: Pick<Journal, 'record'>,
  touchpoints: readonly (Touchpoint | Draft)[],
): Promise<readonly EachOutcome[]> {
  try {
    return await journal.record(touchpoints);
  } catch (cause) {
    if (isFailureOfAStore(cause) && !isAboutSomeKeys(cause)) throw cause;
    if (touchpoints.length <= 1) return touchpoints.map(() => ({ ok: false, code: 'internal', cause }));
  }
  const middle = Math.ceil(touchpoints.length / 2);
  const first = await recordEach(journal, touchpoints.slice(0, middle));
  return [...first, ...(await recordEach(journal, touchpoints.slice(middle)))];
}

function isFailureOfAStore(error: unknown): boolean {
  return error instanceof Error && 'isRetryable' in error;
}

/** A damaged key is a matter of the one data subject it belongs to. */
function isAboutSomeKeys(error: unknown): boolean {
  const { keyids } = error as { keyids?: readonly string[] };
  return keyids !== undefined && keyids.length > 0;
}
