import type { EventStore } from '@touchline/event-store';
import {
  type Difference,
  isFinished,
  type Job,
  type JobBoard,
  type JobState,
  type JobWish,
  type RebuildReport,
  type RebuildRequest,
  type Verification,
} from '@touchline/read-store';
import { Problem } from '@touchline/service-kit';

/** A rebuild as operations see it. Positions are decimal strings, times RFC 3339. */
export interface Rebuild {
  readonly job: string;
  readonly state: JobState;
  /** Left for the worker, and not heeded yet. */
  readonly wish: JobWish | null;
  readonly reason: string;
  readonly by: string;
  readonly promote: RebuildRequest['promote'];
  readonly verify: boolean;
  readonly eventspersecond: number | null;
  readonly generation: number | null;
  readonly position: string;
  readonly target: string;
  readonly events: number;
  readonly total: number;
  readonly percent: number;
  readonly rate: number;
  readonly eta: number | null;
  readonly memorybytes: number | null;
  readonly seconds: number;
  readonly verification: Comparison | null;
  readonly failure: string | null;
  readonly postedtime: string;
  readonly changedtime: string;
}

/** A verification as the API tells it. */
type Comparison = Omit<Verification, 'differences'> & {
  readonly differences: readonly (Omit<Difference, 'firstEvent'> & { readonly firstevent: string | null })[];
};

interface Parts {
  readonly eventStore: Pick<EventStore, 'head' | 'count'>;
  readonly jobs: JobBoard;
}

/** Earlier jobs looked at to learn how fast rebuilds are here. */
const MAX_EARLIER_JOBS = 50;

/** Throws the problem `unknown-job`, also when the job is of another kind. */
export async function findRebuild(jobs: JobBoard, readModel: string, id: string): Promise<Job> {
  const job = await jobs.find(readModel, id);
  if (job?.kind !== 'rebuild') throw new Problem('unknown-job');
  return job;
}

/** What the worker told last. One that no worker has taken up yet tells its plan: what is to be read, and how long that takes. */
export async function present(job: Job, parts: Parts): Promise<Rebuild> {
  const report = (job.report ?? (await planOf(job, parts))) as unknown as Partial<RebuildReport>;
  const request = job.request as RebuildRequest;
  return {
    job: job.id,
    state: job.state,
    wish: job.wish ?? null,
    reason: request.reason,
    by: request.by,
    promote: request.promote,
    verify: request.verify ?? true,
    eventspersecond: request.eventsPerSecond ?? null,
    generation: report.generation ?? null,
    position: report.position ?? '0',
    target: report.target ?? '0',
    events: report.events ?? 0,
    total: report.total ?? 0,
    percent: report.percent ?? 0,
    rate: report.rate ?? 0,
    eta: isFinished(job.state) ? null : (report.eta ?? null),
    memorybytes: report.memoryBytes ?? null,
    seconds: report.seconds ?? 0,
    verification: comparisonOf(report.verification ?? null),
    failure: report.failure ?? null,
    postedtime: new Date(job.postedAt).toISOString(),
    changedtime: new Date(job.changedAt).toISOString(),
  };
}

function comparisonOf(verification: Verification | null): Comparison | null {
  if (verification === null) return null;
  const differences = verification.differences.map(({ firstEvent, ...rest }) => ({
    ...rest,
    firstevent: firstEvent,
  }));
  return { ...verification, differences };
}

async function planOf(
  { readModel, request }: Job,
  { eventStore, jobs }: Parts,
): Promise<Partial<RebuildReport>> {
  const target = await eventStore.head();
  const total = await eventStore.count({ upTo: target });
  const { eventsPerSecond = Number.POSITIVE_INFINITY } = request as RebuildRequest;
  const before = (await rateBefore(jobs, readModel)) ?? eventsPerSecond;
  const rate = Math.min(before, eventsPerSecond);
  return { target: String(target), total, eta: Number.isFinite(rate) ? total / rate : null };
}

/** Events per second of the last rebuild that read anything. */
async function rateBefore(jobs: JobBoard, readModel: string): Promise<number | undefined> {
  for (const { kind, report } of await jobs.list(readModel, { limit: MAX_EARLIER_JOBS })) {
    const { events = 0, seconds = 0 } = (kind === 'rebuild' ? (report ?? {}) : {}) as Partial<RebuildReport>;
    if (events > 0 && seconds > 0) return events / seconds;
  }
  return undefined;
}
