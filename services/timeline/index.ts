export { type CustomerDirectory, customerDirectory } from './directory.ts';
export { ProjectorThread } from './projector/projector-thread.ts';
export { timelineReadModel } from './read-model.ts';
export { type TimelineBacking, timeline } from './timeline-service.ts';
