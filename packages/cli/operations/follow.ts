import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../commands/command-error.ts';
import type { Display } from '../display/display.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { customerJob, type Rebuild, rebuild } from './answers.ts';

const LOOK_MS = 300;
/** A rebuild in one of these needs nobody to wait for it. */
const AT_REST: ReadonlySet<string> = new Set([
  'ready',
  'differs',
  'paused',
  'promoted',
  'done',
  'failed',
  'cancelled',
]);
const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

export interface Following {
  readonly client: RestClient;
  readonly display: Display;
  readonly stop: AbortSignal;
}

/** Shows a rebuild until it rests or is over. Ends with `interrupted` when `stop` aborts; the rebuild itself goes on. */
export async function followRebuild(
  name: string,
  first: Rebuild,
  { client, display, stop }: Following,
): Promise<Rebuild> {
  let seen = first;
  display.start(() => ({
    label: `${name} ${seen.state}`,
    fraction: seen.percent / 100,
    count: seen.events,
    perSecond: seen.rate,
    remainingSeconds: seen.eta ?? undefined,
  }));
  try {
    // A wish is left on the board until the worker has heeded it: what is told before is of before.
    while (!AT_REST.has(seen.state) || seen.wish !== null) {
      await delay(LOOK_MS, undefined, { signal: stop }).catch(() => {
        throw new CommandError(
          'interrupted',
          `No longer watching; the rebuild goes on. "touchline rebuild ${name} cancel" ends it.`,
          { job: seen.job },
        );
      });
      seen = await client.getPatiently(`/v1/readmodels/${name}/rebuilds/${seen.job}`, rebuild, stop);
    }
    return seen;
  } finally {
    display.stop();
  }
}

/** Waits for a retry or a repair. */
export async function followCustomerJob(
  name: string,
  job: string,
  { client, stop }: Omit<Following, 'display'>,
) {
  const path = `/v1/readmodels/${name}/jobs/${job}`;
  let seen = await client.getPatiently(path, customerJob, stop);
  while (!OVER.has(seen.state)) {
    await delay(LOOK_MS, undefined, { signal: stop }).catch(() => {
      throw new CommandError('interrupted', 'No longer waiting; what was asked for is still done.', { job });
    });
    seen = await client.getPatiently(path, customerJob, stop);
  }
  return seen;
}
