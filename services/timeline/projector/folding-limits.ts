import type { ProjectorLimits } from '@touchline/read-store';

/** Smaller than the engine's own: entries are large rows, and threads have small heaps. A batch lies in the young generation. */
export const FOLDING_LIMITS: Partial<ProjectorLimits> = {
  maxBatchEvents: 200,
  maxStepEvents: 2_000,
  maxStepRows: 16_000,
  maxCachedRows: 24_000,
};

/** Heap of a thread that folds: twice what the largest batches need. Without it the heap grows for want of a reason to collect. */
export const FOLDING_HEAP = { maxOldGenerationSizeMb: 112, maxYoungGenerationSizeMb: 16 };
