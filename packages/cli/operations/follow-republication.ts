import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../commands/command-error.ts';
import { type Republication, republication } from './answers.ts';
import type { Following } from './follow.ts';

const LOOK_MS = 300;

/** Shows a republication until it is over. Ends with `interrupted` when `stop` aborts; the republication itself goes on. */
export async function followRepublication(
  first: Republication,
  { client, display, stop }: Following,
): Promise<Republication> {
  let seen = first;
  display.start(() => ({
    label: seen.failure === null ? `${seen.topic} ${seen.state}` : `${seen.topic} waits (${seen.failure})`,
    fraction: seen.percent / 100,
    count: seen.events,
    perSecond: seen.rate,
    remainingSeconds: seen.eta ?? undefined,
  }));
  try {
    while (seen.state === 'running') {
      await delay(LOOK_MS, undefined, { signal: stop }).catch(() => {
        throw new CommandError(
          'interrupted',
          `No longer watching; it goes on. "touchline republish --cancel ${seen.job}" ends it.`,
          { job: seen.job },
        );
      });
      seen = await client.getPatiently(`/v1/relay/republications/${seen.job}`, republication, stop);
    }
    return seen;
  } finally {
    display.stop();
  }
}
