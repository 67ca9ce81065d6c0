import { once } from 'node:events';
import type { RecordedTouchpoint } from '@touchline/journal';
import type { Source } from '@touchline/read-store';

/** A log of recorded touchpoints that a test has made, each as `seen` answers it. */
export function recordedSource(
  log: readonly RecordedTouchpoint[],
  seen: (recorded: RecordedTouchpoint) => RecordedTouchpoint = (recorded) => recorded,
): Source<RecordedTouchpoint> {
  return {
    head: async () => log.at(-1)?.position ?? 0n,
    count: async () => log.length,
    readSubject: async (subject, { from, limit }) => {
      const stream = log.filter((recorded) => recorded.subject === subject && recorded.version >= from);
      return stream.slice(0, limit).map(seen);
    },
    async *subscribe({ after, signal }) {
      const rest = log.filter(({ position }) => position > after);
      if (rest.length > 0) yield rest.map(seen);
      if (!signal.aborted) await once(signal, 'abort');
    },
  };
}
