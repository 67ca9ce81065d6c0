import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { everyShape, type ShapeForTests } from '../support/every-shape.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { Listener } from './actors/listener.ts';
import { MatchMaker } from './actors/match-maker.ts';
import { Mechanic } from './actors/mechanic.ts';
import { readTimelines } from './actors/readers.ts';
import { Rebuilder } from './actors/rebuilder.ts';
import type { Surroundings } from './actors/surroundings.ts';
import { Vandal } from './actors/vandal.ts';
import { Writer } from './actors/writer.ts';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { Reckoning } from './reckoning.ts';
import { Storm } from './storm.ts';

/** Of each place. A longer storm finds more. */
const SECONDS = Number(process.env.TOUCHLINE_CHAOS_SECONDS ?? 20);
const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));
const MAX_FINDINGS = 20;
/** A storm, whatever it leaves half done, and the reckoning. */
const TEST_MS = SECONDS * 1_000 + 300_000;
const NAME = `through ${SECONDS} s of crashes, rebuilds, promotions and rollbacks every promise holds (seed ${seed})`;

test.each(await everyShape())(`$shape: ${NAME}`, endure, TEST_MS);

async function endure({ shape, install, database }: ShapeForTests): Promise<void> {
  const touchline = await install();
  const ledger = new Ledger();
  try {
    const storm = new Storm(touchline, ledger, database);
    const client = new Client(touchline, storm, ledger);
    const over = new AbortController();
    let actors = 0;
    // What one does is its own plan, whatever the others do and how long it takes.
    const at = (): Surroundings => ({ client, random: seededRandom(seed + ++actors), signal: over.signal });
    const acting = Promise.all([
      new Writer('a', at()).run(),
      new Writer('b', at()).run(),
      new MatchMaker('m', at()).run(),
      new Listener('l', touchline, at()).run(),
      new Rebuilder(at()).run(),
      new Mechanic(at()).run(),
      readTimelines(at()),
      readTimelines(at()),
      new Vandal(touchline, at()).run(),
      storm.rage(at().random, over.signal),
    ]);
    await Promise.race([delay(SECONDS * 1_000), acting]);
    over.abort();
    await acting;
    expect(ledger.findings.slice(0, MAX_FINDINGS)).toEqual([]);
    await new Reckoning(touchline, ledger).hold();
  } finally {
    process.stderr.write(`${shape}, seed ${seed}: ${ledger.summary()}\n`);
    await touchline.close();
  }
}
