export { DEFAULT_UNTIL, generateSample, type SampleOptions } from './generate-sample.ts';
export type { SampleEvent } from './sample-event.ts';
