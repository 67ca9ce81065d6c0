import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { onPostgres } from '../support/on-postgres.ts';
import type { PostgresForTests } from '../support/postgres.ts';
import { note } from '../support/sample-events.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { until } from '../support/until.ts';

const SUBJECT = 'account:shop:e2e';
const ROUNDS = 4;
/** Both tests together stay below one page of a timeline. */
const MEANWHILE = 20;
/** What is promised is 5 s; a machine that is busy with something else is given twice that. */
const TAKE_OVER_MS = 10_000;
const TEST_MS = 240_000;

await onPostgres('two timeline processes', declareTests);

function declareTests(server: PostgresForTests): void {
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

    /** When it last began to fold, by its log; nothing for one that has never led. */
    const ledSince = ({ process }: Machine): string =>
      process.output
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.includes('folding into the live generation'))
        .map((line) => (JSON.parse(line) as { time: string }).time)
        .at(-1) ?? '';
    const leader = async (): Promise<Machine> => {
      const latest = (): Machine | undefined =>
        timelines.filter(ledSince).sort((a, b) => ledSince(b).localeCompare(ledSince(a)))[0];
      await until(() => latest() !== undefined, 'one of them folds', 60_000);
      return latest() as Machine;
    };
    const post = async (id: string): Promise<string> => {
      const answer = await intake.process.post(note(id));
      expect(answer.status).toBe(201);
      return ((await answer.json()) as Receipt).position;
    };
    const expected: string[] = [];
    const noteDown = async (id: string): Promise<string> => {
      expected.push(id);
      return post(id);
    };
    const reached = async (machine: Machine, position: string): Promise<void> =>
      until(
        async () => (await timelineOf(machine.process, SUBJECT, position)) !== undefined,
        `the timeline has come to ${position}`,
        60_000,
      );

    /** Rounds in which whoever folds is disturbed while touchpoints come in; how long the other one took each time. */
    const disturb = async (
      name: string,
      stop: (leading: Machine) => Promise<void>,
      replace: (leading: Machine) => Promise<Machine>,
    ): Promise<void> => {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const before = await noteDown(`${name}-before-${round}`);
        for (const machine of timelines) await reached(machine, before);
        const leading = await leader();
        const standing = timelines.find((machine) => machine !== leading) as Machine;
        const meanwhile = Array.from({ length: MEANWHILE }, (_, at) =>
          noteDown(`${name}-meanwhile-${round}-${at}`),
        );
        const start = performance.now();
        await stop(leading);
        await Promise.all(meanwhile);
        await reached(standing, await noteDown(`${name}-after-${round}`));
        took.push(performance.now() - start);
        timelines = [standing, await replace(leading)];
      }
      process.stdout.write(
        `${name}: taken over after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`,
      );
      expect(Math.max(...took)).toBeLessThan(TAKE_OVER_MS);
      const last = await noteDown(`${name}-last`);
      for (const machine of timelines)
        expect([...(await timelineAt(machine.process, last))].sort()).toEqual([...expected].sort());
    };

    test(
      'one folds for both, and when it is killed the other goes on within seconds, nothing lost and nothing doubled',
      () =>
        disturb(
          'killed',
          (leading) => leading.lose(),
          () => machines.start('timeline'),
        ),
      TEST_MS,
    );

    test(
      'when it stands still the other goes on as well, and what wakes up then doubles nothing',
      () =>
        disturb(
          'frozen',
          async (leading) => leading.process.freeze(),
          async (leading) => {
            leading.process.thaw();
            return leading;
          },
        ),
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
