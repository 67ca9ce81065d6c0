import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { foldPlainly, histories, parkPlainly } from './contract/household-histories.ts';
import { entries, type HouseholdEvent, households, ties } from './contract/households.ts';
import { MemoryGeneration } from './contract/memory-generation.ts';
import { projectAll, RunningProjector, until } from './contract/projecting.ts';
import { customersOf, waitingByCustomer } from './contract/waiting.ts';
import {
  Projector,
  type ProjectorLimits,
  parkedTable,
  ReadStoreError,
  type Step,
  tablesOf,
} from './index.ts';

const tables = tablesOf(households() as never);

const limits: fc.Arbitrary<Partial<ProjectorLimits>> = fc.record({
  maxBatchEvents: fc.integer({ min: 1, max: 30 }),
  maxStepEvents: fc.integer({ min: 1, max: 40 }),
  maxStepRows: fc.constantFrom(1, 10, 1_000),
  maxCachedRows: fc.constantFrom(0, 1, 7, 1_000),
  pauseMs: fc.constant(1),
  maxParkedListed: fc.constantFrom(0, 1, 1_000),
});

const batchSizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });

/** Lets a few turns of the event loop pass, as many as the next number says. */
function turns(pattern: readonly number[]): () => Promise<void> {
  let call = 0;
  return async () => {
    const count = pattern[call++ % (pattern.length || 1)] ?? 0;
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
}

const delays = fc.array(fc.nat(4), { maxLength: 6 });

describe('folding', () => {
  test('comes to the same rows in any batches, steps and caches, prefetched or not, on a slow database or a fast one', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(),
        limits,
        batchSizes,
        fc.boolean(),
        delays,
        delays,
        fc.constantFrom(0, 1),
        async (events, some, sizes, withoutPrefetch, answering, committing, steps) => {
          const generation = new MemoryGeneration(tables, {
            steps,
            beforeAnswer: turns(answering),
            beforeCommit: turns(committing),
          });
          const readModel = households({ withoutPrefetch });
          await projectAll({ readModel, generation, source: new EventList(events, sizes), limits: some });
          expect(generation.rows.contents()).toEqual(foldPlainly(events).contents());
        },
      ),
      { numRuns: 400 },
    );
  });

  test('goes on from the checkpoint as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(),
        fc.array(fc.nat(60), { maxLength: 4 }),
        limits,
        async (events, stops, some) => {
          const generation = new MemoryGeneration(tables);
          const readModel = households();
          for (const stop of [...stops.toSorted((a, b) => a - b), events.length])
            await projectAll({
              readModel,
              generation,
              source: new EventList(events.slice(0, stop)),
              limits: some,
            });
          expect(generation.rows.contents()).toEqual(foldPlainly(events).contents());
        },
      ),
    );
  });

  test('applies every event once when several projectors race, whatever they lose', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories({ maxEvents: 40 }),
        fc.array(fc.record({ some: limits, sizes: batchSizes, committing: delays }), {
          minLength: 2,
          maxLength: 3,
        }),
        async (events, racers) => {
          const generation = new MemoryGeneration(tables, {
            beforeCommit: turns(racers.flatMap((racer) => racer.committing)),
          });
          const running = racers.map(
            ({ some, sizes }) =>
              new RunningProjector({
                readModel: households(),
                generation,
                source: new EventList(events, sizes),
                limits: { ...some, firstRetryMs: 0 },
              }),
          );
          const head = events.at(-1)?.position ?? 0n;
          await until(async () => (await generation.checkpoint()) >= head, 'the log is folded');
          await Promise.all(running.map((one) => one.end()));
          expect(generation.rows.contents()).toEqual(foldPlainly(events).contents());
        },
      ),
      { numRuns: 60 },
    );
  });
});

const failing = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 });

/** A database that takes no entry and no tie of these positions. */
function refusing(refused: ReadonlySet<number>): (step: Step) => Promise<void> {
  return async ({ changes }) => {
    for (const { table, cells } of changes) {
      if (table.name !== entries.name && table.name !== ties.name) continue;
      const width = Object.keys(table.columns).length;
      if (cells.some((cell, at) => at % width === 0 && refused.has(Number(cell))))
        throw new ReadStoreError('row-refused', 'not this one');
    }
  };
}

function expectParking(generation: MemoryGeneration, expected: ReturnType<typeof parkPlainly>): void {
  const { parked = [], parking = [], ...data } = generation.rows.contents();
  const events = parked.reduce((sum, row) => sum + Number(row.waiting), 0);
  expect(parking).toEqual(parked.length === 0 ? [] : [{ list: 'parked', subjects: parked.length, events }]);
  expect(parked.map(({ subject, position, waiting }) => [subject, position, waiting])).toEqual(
    [...expected.waiting]
      .map(([subject, waiting]) => [subject, waiting[0], waiting.length])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
  expect(data).toEqual(expected.rows.contents());
}

function positions(numbers: readonly number[]): Set<number> {
  return new Set(numbers.map((number) => number * 3));
}

describe('an event that cannot be folded', () => {
  test('parks the customers concerned and nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), failing, limits, batchSizes, async (events, numbers, some, sizes) => {
        const generation = new MemoryGeneration(tables);
        const readModel = households({ failing: positions(numbers) });
        await projectAll({ readModel, generation, source: new EventList(events, sizes), limits: some });
        expectParking(generation, parkPlainly(events, positions(numbers)));
      }),
      { numRuns: 150 },
    );
  });

  test('or whose rows the database refuses parks the same customers', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), failing, limits, batchSizes, async (events, numbers, some, sizes) => {
        const refused = positions(numbers);
        const generation = new MemoryGeneration(tables, { beforeCommit: refusing(refused) });
        const source = new EventList(events, sizes);
        const failures: unknown[] = [];
        const onFailure = (failure: unknown) => failures.push(failure);
        await projectAll({ readModel: households(), generation, source, limits: some, onFailure });
        const failed = events.filter(({ position, undoes }) => refused.has(Number(undoes ?? position)));
        const at = (some: typeof failed) => new Set(some.map(({ position }) => Number(position)));
        const isLetter = ({ kind }: HouseholdEvent) => kind === 'letter';
        expectParking(
          generation,
          parkPlainly(events, at(failed.filter(isLetter)), at(failed.filter((event) => !isLetter(event)))),
        );
        expect(failures).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('leaves no trace once it is retried after the fix, however customers joined and parted meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(),
        failing,
        failing,
        fc.nat(60),
        limits,
        async (events, numbers, unroutable, fixedAt, some) => {
          const generation = new MemoryGeneration(tables);
          const broken = households({ failing: positions(numbers), unroutable: positions(unroutable) });
          const before = new EventList(events.slice(0, fixedAt));
          await projectAll({ readModel: broken, generation, source: before, limits: some });
          const source = new EventList(events);
          await projectAll({ readModel: households(), generation, source, limits: some });
          await retryEverybody(generation, source, some);
          expect(generation.rows.contents()).toEqual(foldPlainly(events).contents());
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is folded in the order of the log among all data subjects of its customer', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ withParts: false }), failing, limits, async (events, numbers, some) => {
        const generation = new MemoryGeneration(tables);
        const source = new EventList(events);
        await projectAll({
          readModel: households({ failing: positions(numbers) }),
          generation,
          source,
          limits: some,
        });
        const folded: number[] = [];
        const fixed = households({ onFold: (event) => folded.push(Number(event.position)) });
        const customers = customersOf(generation);
        const projector = new Projector({ readModel: fixed, generation, source, limits: some });
        for (const [customer, waiting] of waitingByCustomer(events, positions(numbers), customers)) {
          folded.length = 0;
          await projector.retry(customer);
          // Folded again where rows were missing, but never out of order.
          expect(folded.filter((position, at) => folded[at + 1] !== position)).toEqual(waiting);
        }
      }),
    );
  });

  test('can be retried while the log goes on, by several at once, and is still folded once', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories({ maxEvents: 40 }),
        failing,
        limits,
        delays,
        async (events, numbers, some, slow) => {
          const generation = new MemoryGeneration(tables, {
            beforeCommit: turns(slow),
            beforeAnswer: turns(slow),
          });
          const half = Math.floor(events.length / 2);
          const source = new EventList(events.slice(0, half));
          const readModel = households({ failing: positions(numbers) });
          await projectAll({ readModel, generation, source, limits: some });
          const running = [1, 2].map(
            () =>
              new RunningProjector({
                readModel: households(),
                generation,
                source,
                limits: { ...some, firstRetryMs: 0 },
              }),
          );
          source.append(...events.slice(half));
          const names = new Set(events.map((event) => event.subject));
          await Promise.all([...names].flatMap((name) => running.map((one) => one.projector.retry(name))));
          const head = events.at(-1)?.position ?? 0n;
          await until(async () => (await generation.checkpoint()) >= head, 'the log is folded');
          await Promise.all(running.map((one) => one.end()));
          await retryEverybody(generation, source, some);
          expect(generation.rows.contents()).toEqual(foldPlainly(events).contents());
        },
      ),
      { numRuns: 60 },
    );
  });
});

async function retryEverybody(
  generation: MemoryGeneration,
  source: EventList<HouseholdEvent>,
  some: Partial<ProjectorLimits>,
): Promise<void> {
  const projector = new Projector({ readModel: households(), generation, source, limits: some });
  for (;;) {
    const [first] = generation.rows.contents()[parkedTable.name] ?? [];
    if (first === undefined) return;
    const customer = customersOf(generation).get(String(first.subject)) ?? String(first.subject);
    expect((await projector.retry(customer)).waiting).toBe(0);
  }
}
