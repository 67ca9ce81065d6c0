import type { ProjectorLimits } from '@touchline/read-store';

/** Smaller than the engine's own: entries are large rows, and threads have small heaps. */
export const FOLDING_LIMITS: Partial<ProjectorLimits> = {
  maxBatchEvents: 1_000,
  maxStepEvents: 4_000,
  maxCachedRows: 50_000,
};
