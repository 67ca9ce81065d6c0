import { ReadStoreError } from './errors.ts';
import { JOB_STATES, type Job, type JobKind, type JobWish, type NewJob } from './jobs.ts';

/** A job as every adapter stores it: an empty subject for none, JSON as text. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly request: string;
  readonly state: string;
  readonly wish: string | null;
  readonly report: string;
  readonly posted: number;
  readonly changed: number;
}

/** Conditions on rows of jobs, in SQL that every database takes. */
export const UNFINISHED = `state NOT IN (${listed(JOB_STATES.finished)})`;
const DUE = `(state IN (${listed(JOB_STATES.active)}) OR (state IN (${listed(JOB_STATES.resting)}) AND wish IS NOT NULL))`;

export function dueOf(kinds: readonly JobKind[]): string {
  return `${DUE} AND kind IN (${listed(kinds)})`;
}

export function jobOf(readModel: string, row: JobRow): Job {
  return {
    readModel,
    id: row.id,
    kind: row.kind as JobKind,
    ...(row.subject === '' ? {} : { subject: row.subject }),
    request: JSON.parse(row.request),
    state: row.state as Job['state'],
    wish: (row.wish ?? undefined) as JobWish | undefined,
    report: JSON.parse(row.report),
    postedAt: row.posted,
    changedAt: row.changed,
  };
}

export function jobConflict({ readModel, kind }: NewJob, other: unknown): ReadStoreError {
  return new ReadStoreError('job-conflict', `${kind} ${other} of ${readModel} is not finished yet`);
}

/** Names of ours, none of which holds a quote. */
function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
