export * from './rebuild-job.ts';
