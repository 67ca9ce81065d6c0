import { expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { households } from './contract/households.ts';
import { letters } from './contract/letters.ts';
import { MemoryGeneration } from './contract/memory-generation.ts';
import { projectAll } from './contract/projecting.ts';
import { tablesOf } from './index.ts';

test('a batch that is short before the end, as sources give large events, leaves in a step without more', async () => {
  const readModel = households();
  const steps: bigint[] = [];
  await projectAll({
    readModel,
    generation: new MemoryGeneration(tablesOf(readModel as never), {}),
    source: new EventList(letters(45), [10, 10, 3, 2]),
    limits: { maxBatchEvents: 10, maxStepEvents: 1_000 },
    onStep: ({ position }) => steps.push(position),
  });
  expect(steps).toEqual([23n, 25n, 45n]);
});
