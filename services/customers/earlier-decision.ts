import { isDeepStrictEqual } from 'node:util';
import type { Journal, RecordedTouchpoint } from '@touchline/journal';
import { Problem } from '@touchline/service-kit';
import { IDENTIFIER_KINDS, type Touchpoint } from '@touchline/touchpoints';
import type { Command } from './decide.ts';

/** Corrections may be as large as touchpoints, so a page may be some twenty megabytes. */
const PAGE_EVENTS = 100;

/**
 * The event a keyed command wrote when it came the first time, looked up in the log, never in a read model: the
 * answer must be right in the very next moment. Its time is that of the first call, so comparing leaves it out.
 * Throws `idempotency-key-reused` when the key was used for another command about the same.
 */
export async function earlierDecision(
  journal: Pick<Journal, 'readSubject' | 'identify'>,
  eventid: string,
  command: Pick<Command, 'type' | 'data' | 'concerns'>,
): Promise<RecordedTouchpoint | undefined> {
  const earlier = await findInStream(journal, streamSubject(journal, command.concerns), eventid);
  if (earlier === undefined || isSame(earlier, command)) return earlier;
  throw new Problem('idempotency-key-reused');
}

async function findInStream(
  journal: Pick<Journal, 'readSubject'>,
  subject: string,
  eventid: string,
): Promise<RecordedTouchpoint | undefined> {
  for (let from = 0; ; from += PAGE_EVENTS) {
    const page = await journal.readSubject(subject, { from, limit: PAGE_EVENTS });
    const found = page.find((recorded) => recorded.eventid === eventid);
    if (found !== undefined || page.length < PAGE_EVENTS) return found;
  }
}

/** A decision lies in the stream of the strongest it concerns, the first given among equals. */
function streamSubject(journal: Pick<Journal, 'identify'>, concerns: readonly string[]): string {
  const keys = concerns.map((reference) => journal.identify(reference));
  const strongest = keys.toSorted(
    (a, b) => IDENTIFIER_KINDS.indexOf(a.kind) - IDENTIFIER_KINDS.indexOf(b.kind),
  );
  return strongest[0]?.subject ?? '';
}

function isSame(earlier: RecordedTouchpoint, { type, data }: Pick<Touchpoint, 'type' | 'data'>): boolean {
  if (earlier.touchpoint.type !== type) return false;
  return earlier.erased || isDeepStrictEqual(earlier.touchpoint.data, data);
}
