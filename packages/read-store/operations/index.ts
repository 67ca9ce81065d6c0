export type { JobHold } from './job-hold.ts';
export { doJobs, type JobWorkerOptions } from './job-worker.ts';
export * from './live-projector.ts';
export { Rebuild, type RebuildOptions } from './rebuild.ts';
export * from './rebuild-job.ts';
