import { isDeepStrictEqual } from 'node:util';
import type { Journal, RecordedTouchpoint } from '@touchline/journal';
import { Problem } from '@touchline/service-kit';
import { IDENTIFIER_KINDS, type Touchpoint } from '@touchline/touchpoints';

const PAGE_EVENTS = 1_000;

/**
 * The event a keyed command wrote when it came the first time, looked up in the log, never in a read model: the
 * answer must be right in the very next moment. Its time is that of the first call, so comparing leaves it out.
 * Throws `idempotency-key-reused` when the key was used for another command about the same parties.
 */
export async function earlierDecision(
  journal: Pick<Journal, 'readSubject' | 'identify'>,
  eventid: string,
  command: Pick<Touchpoint, 'type' | 'data'>,
): Promise<RecordedTouchpoint | undefined> {
  const earlier = await findInStream(journal, streamSubject(journal, command.data), eventid);
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

/** A decision lies in the stream of its strongest party, the first given among equals. */
function streamSubject(journal: Pick<Journal, 'identify'>, data: Touchpoint['data']): string {
  const references = Array.isArray(data.parties) ? data.parties : [data.identifier];
  const keys = references.map((reference) => journal.identify(String(reference)));
  const strongest = keys.toSorted(
    (a, b) => IDENTIFIER_KINDS.indexOf(a.kind) - IDENTIFIER_KINDS.indexOf(b.kind),
  );
  return strongest[0]?.subject ?? '';
}

function isSame(earlier: RecordedTouchpoint, { type, data }: Pick<Touchpoint, 'type' | 'data'>): boolean {
  if (earlier.touchpoint.type !== type) return false;
  return earlier.erased || isDeepStrictEqual(earlier.touchpoint.data, data);
}
