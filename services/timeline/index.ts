export { type CustomerDirectory, customerDirectory } from './directory.ts';
export { ProjectorThread } from './projector/projector-thread.ts';
export { timelineReadModel } from './read-model.ts';
export { type TimelineBacking, timelineService } from './timeline-service.ts';
