export { type CustomerFeed, customerFeed } from './customer-feed.ts';
export { type CustomerDirectory, customerDirectory } from './directory.ts';
export { startFolding } from './folding.ts';
export { FOLDING_LIMITS } from './projector/folding-limits.ts';
export { timelineReadModel } from './read-model.ts';
export { type TimelineBacking, timeline } from './timeline-service.ts';
