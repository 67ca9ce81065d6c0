import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { until } from '../contract/projecting.ts';
import { whileLeading } from '../index.ts';
import { TestDatabase } from './testing/database.ts';

/** What the house promises of a hand-over, however the leader went. */
const HAND_OVER_MS = 5_000;
const NAME = 'households';
/** For each wait anew: the tests of a busy machine take longer than this together. */
const patience = {
  get signal() {
    return AbortSignal.timeout(60_000);
  },
};

await TestDatabase.declare('leadership on PostgreSQL', (database) => {
  test('is had by one at a time, and passed on', () =>
    database.using(async (open) => {
      const [first, second] = [open(), open()];
      const leader = await first.lead(NAME, patience);
      let isNext = false;
      const waiting = second.lead(NAME, patience).then((leadership) => {
        isNext = true;
        return leadership;
      });
      await (await second.lead('another', patience)).resign();
      expect(isNext).toBe(false);
      expect(leader.lost.aborted).toBe(false);
      await leader.resign();
      await (await waiting).resign();
    }));

  test('of another installation in the same database is another', () =>
    database.using(async (open) => {
      await open().lead(NAME, patience);
      await database.using(async (other) => void (await other().lead(NAME, patience)));
    }));

  test('is waited for no longer than wanted', () =>
    database.using(async (open) => {
      await open().lead(NAME, patience);
      const ending = new AbortController();
      const waiting = open().lead(NAME, { signal: ending.signal });
      ending.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
    }));

  test('is lost with its connection, and the next one leads within seconds', () =>
    database.using(async (open, { schema }) => {
      const leader = await open().lead(NAME, patience);
      const waiting = open().lead(NAME, patience);
      // The one that waits is cut off too, and asks again.
      const next = waiting.catch(() => open().lead(NAME, patience));
      const start = performance.now();
      await database.terminate(schema, 'leader');
      await next;
      expect(performance.now() - start).toBeLessThan(HAND_OVER_MS);
      await until(() => leader.lost.aborted, 'the leader knows');
    }));

  test('of a process that is killed goes to the next within seconds', () =>
    database.using(async (open, own) => {
      const script = new URL('./testing/leading-child.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, [script, own.url(), NAME], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const waiting = open().lead(NAME, patience);
      const start = performance.now();
      child.kill('SIGKILL');
      await waiting;
      expect(performance.now() - start).toBeLessThan(HAND_OVER_MS);
    }));

  test('work goes on wherever leadership is, one at a time', () =>
    database.using(async (open, { schema }) => {
      const ending = new AbortController();
      let [atWork, most, turns] = [0, 0, 0];
      const work = async (signal: AbortSignal): Promise<void> => {
        most = Math.max(most, ++atWork);
        turns++;
        await once(signal, 'abort');
        atWork--;
      };
      const options = { signal: ending.signal, onFailure: () => {}, firstRetryMs: 1, maxRetryMs: 20 };
      const both = [open(), open()].map((store) => whileLeading(store, NAME, work, options));
      for (let turn = 1; turn <= 3; turn++) {
        await until(() => turns >= turn && atWork === 1, 'somebody leads');
        await database.terminate(schema, 'leader');
      }
      await until(() => turns > 3, 'somebody leads again');
      ending.abort();
      await Promise.all(both);
      expect([most, atWork]).toEqual([1, 0]);
    }));
});
