export { isFlaw } from './input/flaw.ts';
export type { InputItems } from './input/input-items.ts';
export { type OpenOptions, openItems } from './input/open-items.ts';
export { INSTRUCTIONS } from './mapping/instruction.ts';
export { type Mapping, mappingSchema } from './mapping/mapping.ts';
export { type NamedMapping, readMapping } from './mapping/mapping-file.ts';
export { generateSample, type SampleEvent, type SampleOptions } from './sample/index.ts';
export type { Entry, InputItem } from './upload/entry.ts';
