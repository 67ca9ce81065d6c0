export { type Mapping, mappingSchema } from './mapping/mapping.ts';
export { generateSample, type SampleEvent, type SampleOptions } from './sample/index.ts';
