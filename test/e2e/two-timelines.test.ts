import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { openPostgresForTests, type PostgresForTests } from '../support/postgres.ts';
import { note } from '../support/sample-events.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { until } from '../support/until.ts';

const SUBJECT = 'account:shop:e2e';
const ROUNDS = 4;
/** What is promised is 5 s; a machine that is busy with something else is given twice that. */
const TAKE_OVER_MS = 10_000;
const TEST_MS = 240_000;

const postgres = await openPostgresForTests();
if ('missing' in postgres) test.skip(`two timeline processes: ${postgres.missing}`, () => {});
else declareTests(postgres);

function declareTests(server: PostgresForTests): void {
  afterAll(() => server.close());

  describe('two timeline processes of one read model', () => {
    let machines: Machines;
    let intake: Machine;
    let timelines: Machine[];
    beforeAll(async () => {
      machines = await Machines.prepare(server);
      intake = await machines.start('intake');
      timelines = [await machines.start('timeline'), await machines.start('timeline')];
    });
    afterAll(() => machines?.close());

    const leads = ({ process }: Machine): boolean =>
      process.output.includes('folding into the live generation');
    const leader = async (): Promise<Machine> => {
      await until(() => timelines.filter(leads).length > 0, 'one of them folds', 60_000);
      const found = timelines.filter(leads);
      expect(found).toHaveLength(1);
      return found[0] as Machine;
    };
    const post = async (id: string): Promise<string> => {
      const answer = await intake.process.post(note(id));
      expect(answer.status).toBe(201);
      return ((await answer.json()) as Receipt).position;
    };
    const reached = async (machine: Machine, position: string): Promise<void> =>
      until(
        async () => (await timelineOf(machine.process, SUBJECT, position)) !== undefined,
        `the timeline has come to ${position}`,
        60_000,
      );

    test(
      'one folds for both, and when it is killed the other goes on within seconds, nothing lost and nothing doubled',
      async () => {
        const expected: string[] = [];
        const note = async (id: string): Promise<string> => {
          expected.push(id);
          return post(id);
        };
        const took: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const before = await note(`before-${round}`);
          for (const machine of timelines) await reached(machine, before);
          const leading = await leader();
          const standing = timelines.find((machine) => machine !== leading) as Machine;
          const meanwhile = Array.from({ length: 20 }, (_, at) => note(`meanwhile-${round}-${at}`));
          const start = performance.now();
          await leading.lose();
          await Promise.all(meanwhile);
          await reached(standing, await note(`after-${round}`));
          took.push(performance.now() - start);
          timelines = [standing, await machines.start('timeline')];
        }
        process.stdout.write(`taken over after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`);
        expect(Math.max(...took)).toBeLessThan(TAKE_OVER_MS);
        const last = await note('last');
        for (const { process } of timelines) {
          const ids = await timelineAt(process, last);
          expect([...ids].sort()).toEqual([...expected].sort());
        }
      },
      TEST_MS,
    );

    const timelineAt = async (process: Machine['process'], position: string): Promise<readonly string[]> => {
      let ids: readonly string[] | undefined;
      await until(async () => {
        ids = await timelineOf(process, SUBJECT, position);
        return ids !== undefined;
      }, `the timeline has come to ${position}`);
      return ids ?? [];
    };
  });
}
