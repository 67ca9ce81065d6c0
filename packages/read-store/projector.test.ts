import { describe, expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { foldPlainly } from './contract/household-histories.ts';
import { type HouseholdEvent, households } from './contract/households.ts';
import { letters } from './contract/letters.ts';
import { MemoryGeneration, type Timing } from './contract/memory-generation.ts';
import { projectAll, RunningProjector, until } from './contract/projecting.ts';
import { type Progress, type Source, tablesOf } from './index.ts';

const readModel = households();
const fast = { firstRetryMs: 1, maxRetryMs: 8, pauseMs: 1 };

function memory(timing: Timing = {}): MemoryGeneration {
  return new MemoryGeneration(tablesOf(readModel as never), timing);
}

describe('a projector', () => {
  test('tells of each step, and which of them was the last for now', async () => {
    const steps: Progress[] = [];
    const limits = { maxBatchEvents: 10, maxStepEvents: 20 };
    const source = new EventList(letters(45));
    await projectAll({ readModel, generation: memory(), source, limits, onStep: (step) => steps.push(step) });
    expect(steps).toEqual([
      { from: 0n, position: 20n, events: 20, repeats: 0, caughtUp: false },
      { from: 20n, position: 40n, events: 20, repeats: 0, caughtUp: false },
      { from: 40n, position: 45n, events: 5, repeats: 0, caughtUp: true },
    ]);
  });

  test('writes a step when it has enough rows, however few events they come from', async () => {
    const steps: Progress[] = [];
    const limits = { maxBatchEvents: 5, maxStepEvents: 1_000, maxStepRows: 12 };
    const source = new EventList(letters(30));
    await projectAll({ readModel, generation: memory(), source, limits, onStep: (step) => steps.push(step) });
    expect(steps.length).toBeGreaterThan(4);
  });

  test('commits what was folded when it is told to end, and ends after that', async () => {
    let folded = 0;
    const model = households({ onFold: () => folded++ });
    const generation = memory();
    const limits = { maxBatchEvents: 10, pauseMs: 60_000, silenceMs: 60_000 };
    const running = new RunningProjector({
      readModel: model,
      generation,
      source: new EventList(letters(10)),
      limits,
    });
    await until(() => folded >= 10, 'everything is folded');
    expect(await generation.checkpoint()).toBe(0n);
    await running.end();
    expect(await generation.checkpoint()).toBe(10n);
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(10)).contents());
  });

  test('told to end while a step is on its way waits for it', async () => {
    const hold = Promise.withResolvers<void>();
    let commits = 0;
    const generation = memory({ beforeCommit: () => (++commits === 1 ? hold.promise : Promise.resolve()) });
    const limits = { maxBatchEvents: 10, maxStepEvents: 10 };
    const running = new RunningProjector({
      readModel,
      generation,
      source: new EventList(letters(10)),
      limits,
    });
    await until(() => commits === 1, 'the step is on its way');
    let isEnded = false;
    const ended = running.end().then(() => {
      isEnded = true;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isEnded).toBe(false);
    hold.resolve();
    await ended;
    expect(await generation.checkpoint()).toBe(10n);
  });

  test('lets timers and sockets have their turn between batches of a source that never waits', async () => {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    let turnsAtLast = 0;
    const model = households({ onFold: ({ position }) => (turnsAtLast = position === 300n ? turns : 0) });
    setImmediate(turn);
    const limits = { maxBatchEvents: 5, maxStepEvents: 10_000, maxStepRows: 1_000_000 };
    await projectAll({ readModel: model, generation: memory(), source: new EventList(letters(300)), limits });
    isOver = true;
    expect(turnsAtLast).toBeGreaterThan(50);
  });

  test('does not take a slow or stingy source for one that has caught up', async () => {
    const events = letters(200);
    const slow: Source<HouseholdEvent> = new (class extends EventList<HouseholdEvent> {
      override async *subscribe(options: Parameters<Source<HouseholdEvent>['subscribe']>[0]) {
        for await (const batch of super.subscribe(options)) {
          await new Promise((resolve) => setTimeout(resolve, 4));
          yield batch;
        }
      }
    })(events, [20, 1, 19]);
    const steps: Progress[] = [];
    const generation = memory();
    const loading: boolean[] = [];
    const finishLoading = generation.finishLoading.bind(generation);
    generation.finishLoading = async () => {
      loading.push((await generation.checkpoint()) < 200n);
      await finishLoading();
    };
    const limits = { maxBatchEvents: 20, maxStepEvents: 100, pauseMs: 1 };
    const running = new RunningProjector({
      readModel,
      generation,
      source: slow,
      limits,
      onStep: (s) => steps.push(s),
    });
    await until(async () => !(await generation.isLoading()), 'loading is finished');
    await running.end();
    expect(loading).toEqual([false]);
    expect(steps.filter((step) => step.caughtUp).map((step) => step.position)).toEqual([200n]);
  });

  test('finishes loading although its source never reaches the head it speaks of', async () => {
    const source = new EventList(letters(30));
    source.head = async () => 1_000n;
    const generation = memory();
    const limits = { silenceMs: 30, pauseMs: 5 };
    const running = new RunningProjector({ readModel, generation, source, limits });
    await until(async () => !(await generation.isLoading()), 'loading is finished');
    await running.end();
    expect(await generation.checkpoint()).toBe(30n);
  });

  test('finishes loading on an empty log', async () => {
    const generation = memory();
    const running = new RunningProjector({ readModel, generation, source: new EventList<HouseholdEvent>() });
    await until(async () => !(await generation.isLoading()), 'loading is finished');
    await running.end();
  });
});

describe('a failure of the database or the log', () => {
  test('is told, retried with growing pauses, and forgotten with the first step that is written', async () => {
    let isFull = true;
    const generation = memory({
      beforeCommit: async () => {
        if (isFull) throw new Error('disk full');
      },
    });
    const pauses: number[] = [];
    const onFailure = (_: unknown, retryMs: number) => pauses.push(retryMs);
    const limits = { ...fast, maxBatchEvents: 10, maxStepEvents: 10 };
    const source = new EventList(letters(100));
    const running = new RunningProjector({ readModel, generation, source, limits, onFailure });
    await until(() => pauses.length >= 5, 'it has failed five times');
    isFull = false;
    await until(async () => (await generation.checkpoint()) === 100n, 'the log is folded');
    isFull = true;
    const before = pauses.length;
    source.append(...letters(5, { from: 101 }));
    await until(() => pauses.length > before, 'it fails again');
    isFull = false;
    await until(async () => (await generation.checkpoint()) === 105n, 'the log is folded');
    await running.end();
    expect(pauses.slice(0, 5)).toEqual([1, 2, 4, 8, 8]);
    expect(pauses[before]).toBe(1);
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(105)).contents());
  });

  test('in a quiet hour is retried without waiting for the next event', async () => {
    let failures = 0;
    const generation = memory({
      beforeCommit: async () => {
        if (failures++ === 0) throw new Error('connection lost');
      },
    });
    const source = new EventList(letters(7));
    const running = new RunningProjector({ readModel, generation, source, limits: fast });
    await until(async () => (await generation.checkpoint()) === 7n, 'the log is folded');
    await running.end();
    expect(failures).toBe(2);
  });

  test('in the middle of a batch leaves nothing that a retry of parked events could write', async () => {
    let isDown = false;
    const generation = memory({
      beforeAnswer: async () => {
        if (isDown) throw new Error('connection lost');
      },
    });
    const source = new EventList(letters(3));
    const withoutPrefetch = households({ withoutPrefetch: true });
    await projectAll({ readModel: withoutPrefetch, generation, source });
    const limits = { ...fast, firstRetryMs: 200, maxRetryMs: 200 };
    const failures: unknown[] = [];
    const onFailure = (failure: unknown) => failures.push(failure);
    source.append(...letters(3, { from: 4, people: 3 }).slice(0, 1));
    const running = new RunningProjector({
      readModel: withoutPrefetch,
      generation,
      source,
      limits,
      onFailure,
    });
    await until(async () => (await generation.checkpoint()) === 4n, 'the log is folded');
    isDown = true;
    // The rows of the first are in memory, those of the second are not.
    source.append(...letters(2, { from: 7, people: 3 }));
    await until(() => failures.length > 0, 'it has failed');
    isDown = false;
    await running.projector.retry('s0');
    expect(generation.rows.contents()).toEqual(foldPlainly(source.events.slice(0, 4)).contents());
    await running.end();
  });

  test('of a subscription that ends by itself is told', async () => {
    const source = new EventList<HouseholdEvent>();
    source.subscribe = async function* () {};
    const failures: unknown[] = [];
    const onFailure = (failure: unknown) => failures.push(failure);
    const running = new RunningProjector({
      readModel,
      generation: memory(),
      source,
      limits: fast,
      onFailure,
    });
    await until(() => failures.length > 1, 'it was told twice');
    await running.end();
    expect(String(failures[0])).toContain('ended by itself');
  });
});
