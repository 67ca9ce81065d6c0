import { describe, expect, test } from 'vitest';
import type { Generation, ReadModel } from '../index.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { accounts, entries, households, open as openLetters } from './households.ts';
import { letters } from './letters.ts';
import { RunningProjector, until } from './projecting.ts';
import { changesOf, commit, rowsAt } from './table-model.ts';

const EVENTS = 300;
const model = households() as ReadModel<never>;

/** One customer folded anew, while everybody else stays as they are. */
export function repairContract(open: OpenHarness): void {
  const using = (
    readModel: ReturnType<typeof households>,
    test: (generation: Generation, running: RunningProjector, source: EventList<never>) => Promise<void>,
  ) =>
    Fixture.using(open, async (fixture) => {
      const source = new EventList(letters(EVENTS));
      const generation = await fixture.generation(model);
      const running = new RunningProjector({ readModel, generation, source });
      await until(async () => (await generation.checkpoint()) === BigInt(EVENTS), 'the log is folded');
      await until(async () => !(await generation.isLoading()), 'indexes are built');
      try {
        await test(await fixture.generation(model), running, source as never);
      } finally {
        await running.end();
      }
    });
  const spoil = async (generation: Generation): Promise<void> => {
    const [row] = await rowsAt(generation, accounts, ['s3']);
    if (row === undefined) throw new Error('no row to spoil');
    const changes = [
      changesOf(accounts, [{ ...row, letters: 77, note: 'spoilt' }]),
      changesOf(openLetters, [{ subject: 's3', letter: 9_999, amount: 1, hint: null }]),
      changesOf(entries, [{ position: 9_999, subject: 's3', words: null as never }], [[4]]),
    ];
    await commit(generation, changes, (await generation.standing()).position);
  };

  describe('a repair', () => {
    test('gives a customer the rows that its events make, and nobody else any; the log goes on', () =>
      using(households(), async (generation, running, source) => {
        const before = await generation.digest();
        await spoil(generation);
        const differing = [...(await generation.digest())].filter(
          ([name, digest]) => before.get(name) !== digest,
        );
        expect(differing.map(([name]) => name)).toEqual(['accounts', 'open_letters', 'entries']);
        expect(await running.projector.repair('s3')).toBeGreaterThan(EVENTS / 6);
        expect(await generation.digest()).toEqual(before);
        source.append(...(letters(10, { from: EVENTS + 1 }) as never[]));
        await until(
          async () => (await generation.checkpoint()) === BigInt(EVENTS + 10),
          'the log is followed',
        );
      }));

    test('twice is as once, and of whom nobody knows is nothing', () =>
      using(households(), async (generation, running) => {
        const before = await generation.digest();
        await running.projector.repair('s1');
        await running.projector.repair('s1');
        expect(await running.projector.repair('nobody')).toBe(0);
        expect(await generation.digest()).toEqual(before);
      }));

    test('of a parked customer is refused', () =>
      using(households({ failing: new Set([4]) }), async (_, running) => {
        await expect(running.projector.repair('s3')).rejects.toMatchObject({ code: 'repair-refused' });
        expect(await running.projector.repair('s1')).toBeGreaterThan(0);
      }));
  });
}
