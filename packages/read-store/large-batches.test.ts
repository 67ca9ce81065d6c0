import { expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { type HouseholdEvent, households } from './contract/households.ts';
import { letters } from './contract/letters.ts';
import { MemoryGeneration } from './contract/memory-generation.ts';
import { projectAll } from './contract/projecting.ts';
import { defineTable, type Projection, tablesOf } from './index.ts';

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

test('events that change large rows leave in steps of fewer, also within a batch', async () => {
  const CHARACTERS = 50_000;
  const files = defineTable<{ position: number; texts: readonly string[] }>({
    name: 'files',
    columns: { position: 'integer', texts: 'json' },
    key: ['position'],
  });
  const filing: Projection<HouseholdEvent> = {
    name: 'files',
    version: 1,
    tables: [files],
    fold: ({ position }, rows) =>
      rows.put(files, { position: Number(position), texts: ['x'.repeat(CHARACTERS)] }),
  };
  const readModel = { ...households(), projections: [filing] };
  const steps: number[] = [];
  await projectAll({
    readModel,
    generation: new MemoryGeneration(tablesOf(readModel as never), {}),
    source: new EventList(letters(1_000)),
    limits: { maxBatchEvents: 500, maxStepEvents: 2_000, maxStepRows: 5_000 },
    onStep: ({ events }) => steps.push(events),
  });
  expect(steps.reduce((sum, events) => sum + events, 0)).toBe(1_000);
  // 100 events are 5,000 rows of ordinary size, and the last part of a step may go a little beyond.
  expect(Math.max(...steps)).toBeLessThanOrEqual(140);
});
