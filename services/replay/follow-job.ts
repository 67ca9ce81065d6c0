import { setTimeout as delay } from 'node:timers/promises';
import { isFinished, type Job } from '@touchline/read-store';

const LOOK_MS = 500;

/** The job as it is, then each time it has changed; ends when it is finished, gone, or `signal` aborts. */
export async function* followJob(
  first: Job,
  find: () => Promise<Job | undefined>,
  signal: AbortSignal,
): AsyncGenerator<Job, void, void> {
  let seen = '';
  for (let job: Job | undefined = first; job !== undefined && !signal.aborted; job = await find()) {
    const told = JSON.stringify([job.state, job.wish, job.report]);
    if (told !== seen) yield job;
    seen = told;
    if (isFinished(job.state)) return;
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}
