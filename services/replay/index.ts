export { ReadModels } from './read-models.ts';
export { type ReplayBacking, replay } from './replay-service.ts';
