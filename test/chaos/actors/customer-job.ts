import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../client.ts';
import { TIMELINE } from './surroundings.ts';

const LOOK_MS = 50;
const MAX_JOB_MS = 60_000;

/** A retry or a repair, as operations are told of it. */
export interface CustomerJob {
  readonly job: string;
  readonly state: string;
  readonly waiting: number;
  readonly pastkept: string | null;
}

/** How a job on one customer ends. One that goes nowhere is a finding. */
export async function endOf(client: Client, job: string): Promise<CustomerJob | undefined> {
  const end = performance.now() + MAX_JOB_MS;
  let last: string | undefined;
  while (performance.now() < end) {
    last = (await client.ask(`${TIMELINE}/jobs/${job}`))?.text ?? last;
    const found = last === undefined ? undefined : (JSON.parse(last) as CustomerJob);
    if (found?.state === 'done' || found?.state === 'failed') return found;
    await delay(LOOK_MS);
  }
  client.ledger.find(`work on a customer does not end: ${last}`);
  return undefined;
}
