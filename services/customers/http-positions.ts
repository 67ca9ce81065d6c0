import { MIN_POSITION_HEADER, POSITION_HEADER, type PositionSource } from '@touchline/service-kit';
import { type HttpTimeline, unavailable } from './http-timeline.ts';

/** The smallest question that is answered with a position. */
const QUESTION = '/v1/customers?recent=1';

/** How far the timeline service is. It waits itself for a position it is asked for. */
export function httpPositions(timeline: HttpTimeline): PositionSource {
  return {
    async current() {
      const answer = await timeline.get(QUESTION);
      const position = answer.headers.get(POSITION_HEADER);
      if (!answer.ok || position === null) throw unavailable(statusOf(answer));
      return BigInt(position);
    },
    async reached(position, signal) {
      for (;;) {
        const headers = { [MIN_POSITION_HEADER]: String(position) };
        const answer = await timeline.get(QUESTION, { headers, signal });
        if (answer.ok) return;
        // Not there yet: it has waited as long as it does, and is asked again until the signal aborts.
        if (!answer.headers.has(POSITION_HEADER)) throw unavailable(statusOf(answer));
      }
    },
  };
}

function statusOf({ status }: Response): Error {
  return new Error(`the timeline service answered ${status}`);
}
