import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { onPostgres } from '../support/on-postgres.ts';
import type { PostgresForTests } from '../support/postgres.ts';
import { note } from '../support/sample-events.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { until } from '../support/until.ts';

const SUBJECTS = 40;
const TOUCHPOINTS = 10;
const WRITERS = 8;
const TEST_MS = 240_000;
const RETRY_MS = 50;
const ANSWER_MS = 30_000;

await onPostgres('two intake processes', declareTests);

function declareTests(server: PostgresForTests): void {
  describe('two intake processes on one log, with keys on PostgreSQL', () => {
    let machines: Machines;
    let intakes: Machine[];
    let timeline: Machine;
    beforeAll(async () => {
      machines = await Machines.prepare(server);
      // At once, on nothing: keys and log are made by whoever comes first.
      [timeline, ...intakes] = (await Promise.all(
        ['timeline', 'intake', 'intake'].map((service) => machines.start(service)),
      )) as [Machine, ...Machine[]];
    });
    afterAll(() => machines?.close());

    /** As a client that never gives up: an answer that did not come is asked for again. */
    const post = async (which: number, id: string, subject: string): Promise<Receipt> => {
      for (;;) {
        const signal = AbortSignal.timeout(ANSWER_MS);
        const answer = await intakes[which]?.process
          .post(note(id, { subject }), { signal })
          .catch(() => undefined);
        if (answer?.status === 201 || answer?.status === 200) return (await answer.json()) as Receipt;
        if (answer !== undefined) expect(answer.status).toBe(503);
        await delay(RETRY_MS);
      }
    };
    const keysOf = async (): Promise<number> => {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      try {
        const { rows } = await client.query(`SELECT count(*) FROM keys_of_${machines.own.schema}.keys`);
        return Number(rows[0]?.count);
      } finally {
        await client.end();
      }
    };

    test(
      'record each touchpoint once and in order, under one key for each data subject, also when one of them is killed',
      async () => {
        const receipts = new Map<string, readonly [Receipt, Receipt]>();
        const work = Array.from({ length: SUBJECTS }, (_, index) => `account:shop:${index}`);
        let wasKilled = false;
        const killOne = async (): Promise<void> => {
          if (wasKilled) return;
          wasKilled = true;
          await intakes[1]?.lose();
          intakes[1] = await machines.start('intake');
        };
        const write = async (): Promise<void> => {
          for (let subject = work.pop(); subject !== undefined; subject = work.pop()) {
            for (let at = 0; at < TOUCHPOINTS; at++) {
              const id = `${subject}-${at}`;
              const both = Promise.all([post(0, id, subject), post(1, id, subject)]);
              if (work.length < SUBJECTS / 2) await killOne();
              receipts.set(id, await both);
            }
          }
        };
        await Promise.all(Array.from({ length: WRITERS }, write));

        expect([wasKilled, receipts.size]).toEqual([true, SUBJECTS * TOUCHPOINTS]);
        const unlike = [...receipts].filter(
          ([, [one, other]]) => one.eventid !== other.eventid || one.position !== other.position,
        );
        expect(unlike).toEqual([]);
        const firsts = [...receipts.values()].map(
          (pair) => pair.filter(({ duplicate }) => !duplicate).length,
        );
        expect(Math.max(...firsts)).toBe(1);
        // Without an answer only what was under way at the kill: at most one touchpoint of each writer.
        expect(firsts.filter((count) => count === 0).length).toBeLessThanOrEqual(WRITERS);
        expect(new Set([...receipts.values()].map(([{ position }]) => position)).size).toBe(receipts.size);
        expect(await keysOf()).toBe(SUBJECTS);
        await compareTimelines(receipts);
      },
      TEST_MS,
    );

    const compareTimelines = async (receipts: ReadonlyMap<string, readonly Receipt[]>): Promise<void> => {
      const positionOf = (id: string): bigint => BigInt(receipts.get(id)?.[0]?.position ?? 0);
      const last = String([...receipts.keys()].map(positionOf).reduce((a, b) => (a > b ? a : b)));
      for (let index = 0; index < SUBJECTS; index++) {
        const subject = `account:shop:${index}`;
        let ids: readonly string[] | undefined;
        await until(
          async () => {
            ids = await timelineOf(timeline.process, subject, last);
            return ids !== undefined;
          },
          `the timeline has come to ${last}`,
          60_000,
        );
        const expected = Array.from({ length: TOUCHPOINTS }, (_, at) => `${subject}-${at}`);
        expect([...(ids ?? [])].sort()).toEqual([...expected].sort());
        expect([...expected].sort((a, b) => Number(positionOf(a) - positionOf(b)))).toEqual(expected);
      }
    };
  });
}
