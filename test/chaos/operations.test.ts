import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../support/seeded-random.ts';
import { install, SHAPES, type Shape } from '../support/shapes.ts';
import { Listener } from './actors/listener.ts';
import { MatchMaker } from './actors/match-maker.ts';
import { Mechanic, Rebuilder } from './actors/operator.ts';
import { readTimelines } from './actors/readers.ts';
import type { Surroundings } from './actors/surroundings.ts';
import { Writer } from './actors/writer.ts';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { Reckoning } from './reckoning.ts';
import { Storm } from './storm.ts';

/** Of each shape. A longer storm finds more. */
const SECONDS = Number(process.env.TOUCHLINE_CHAOS_SECONDS ?? 25);
const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));

describe.each(SHAPES)('%s', (shape: Shape) => {
  test(`through ${SECONDS} s of crashes, rebuilds, promotions and rollbacks every promise holds (seed ${seed})`, async () => {
    const touchline = await install(shape);
    const ledger = new Ledger();
    try {
      const storm = new Storm(touchline, ledger);
      const client = new Client(touchline, storm, ledger);
      const over = new AbortController();
      let actors = 0;
      // What one does is its own plan, whatever the others do and how long it takes.
      const at = (): Surroundings => ({ client, random: seededRandom(seed + ++actors), signal: over.signal });
      const acting = [
        new Writer('a', at()).run(),
        new Writer('b', at()).run(),
        new MatchMaker('m', at()).run(),
        new Listener('l', touchline, at()).run(),
        new Rebuilder(at()).run(),
        new Mechanic(at()).run(),
        readTimelines(at()),
        readTimelines(at()),
        storm.rage(at().random, over.signal),
      ];
      await Promise.race([delay(SECONDS * 1_000), Promise.all(acting)]);
      over.abort();
      await Promise.all(acting);
      expect(ledger.findings.slice(0, 20)).toEqual([]);
      await new Reckoning(touchline, ledger).hold();
    } finally {
      process.stderr.write(`${shape}: ${summaryOf(ledger)}\n`);
      await touchline.close();
    }
  });
});

function summaryOf({ counts }: Ledger): string {
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ');
}
