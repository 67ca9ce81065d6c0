import type { Job, JobBoard, JobKind } from '@touchline/read-store';

/** Jobs looked at in one go at most, and for one page: those of other kinds lie between. */
const MAX_CHUNK = 200;
const MAX_LOOKED_AT = 1_000;

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Id of the job after which the next page goes on; absent at the end. A page may end early, or be empty, before that. */
  readonly next?: string;
}

/** Jobs of one kind, newest first. */
export async function jobPage(
  board: JobBoard,
  readModel: string,
  { kind, limit, before }: { kind: JobKind; limit: number; before?: string },
): Promise<JobPage> {
  const jobs: Job[] = [];
  let last = before;
  // Mostly there is nothing between, and one more than wanted tells whether there is a next page.
  let size = limit + 1;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += size) {
    if (lookedAt > 0) size = Math.min(size * 4, MAX_CHUNK);
    const chunk = await board.list(readModel, {
      limit: size,
      ...(last === undefined ? {} : { before: last }),
    });
    for (const job of chunk) {
      if (job.kind === kind && jobs.length === limit && last !== undefined) return { jobs, next: last };
      if (job.kind === kind) jobs.push(job);
      last = job.id;
    }
    if (chunk.length < size || last === undefined) return { jobs };
  }
  return last === undefined ? { jobs } : { jobs, next: last };
}
