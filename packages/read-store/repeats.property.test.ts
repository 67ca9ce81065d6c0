import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { type HouseholdEvent, households } from './contract/households.ts';
import { MemoryGeneration } from './contract/memory-generation.ts';
import { projectAll } from './contract/projecting.ts';
import { repeatedHistories } from './contract/repeated-histories.ts';
import { appliedTable, Projector, repeatedTable, tablesOf } from './index.ts';

const positions = fc.uniqueArray(
  fc.integer({ min: 1, max: 60 }).map((number) => number * 3),
  { maxLength: 5 },
);
const batchSizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
const limits = fc.record({
  maxBatchEvents: fc.integer({ min: 1, max: 30 }),
  maxStepEvents: fc.integer({ min: 1, max: 40 }),
  maxCachedRows: fc.constantFrom(0, 7, 1_000),
  pauseMs: fc.constant(1),
});

/** What a projector makes of a log, before and after everybody who was parked is retried; and what it dropped. */
async function fold(
  events: readonly HouseholdEvent[],
  failing: ReadonlySet<number>,
  unroutable: ReadonlySet<number>,
  options: { sizes?: readonly number[]; limits?: object; withRepeats?: boolean } = {},
) {
  const { sizes = [], withRepeats = false } = options;
  const readModel = households({ failing, unroutable, withRepeats });
  const generation = new MemoryGeneration(tablesOf(readModel as never));
  const source = new EventList(events, sizes);
  const parts = { generation, source, limits: options.limits ?? {} };
  await projectAll({ readModel, ...parts });
  const parked = generation.rows.contents();
  const mended = new Projector({ readModel: households({ withRepeats }), ...parts });
  for (const { subject } of parked.parked ?? []) await mended.retry(String(subject));
  return { parked, retried: generation.rows.contents() };
}

test('a log with repeats folds, parks and is retried as the log without them', async () => {
  await fc.assert(
    fc.asyncProperty(
      repeatedHistories(),
      positions,
      positions,
      batchSizes,
      limits,
      async ({ events, firsts }, failing, unroutable, sizes, some) => {
        const broken = [new Set(failing), new Set(unroutable)] as const;
        const found = await fold(events, ...broken, { sizes, limits: some, withRepeats: true });
        const expected = await fold(firsts, ...broken);
        for (const when of ['parked', 'retried'] as const) {
          const { [appliedTable.name]: applied, [repeatedTable.name]: repeated, ...rows } = found[when];
          expect(rows).toEqual(expected[when]);
          expect(applied).toHaveLength(firsts.length);
          expect(repeated).toHaveLength(events.length - firsts.length);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
