import { randomInt } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { OwnSchema, openPostgresForTests } from '../support/postgres.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type Installation, install } from '../support/shapes.ts';
import { until } from '../support/until.ts';
import { type Summary, upload } from '../support/upload.ts';
import { writeSteadily } from './actors/steady-writer.ts';
import { FINISHED, note, post, type Surroundings, TIMELINE } from './actors/surroundings.ts';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { ReadWatch } from './read-watch.ts';
import { Reckoning } from './reckoning.ts';
import { Storm } from './storm.ts';

/** A million takes some minutes; the promises are the same. */
const EVENTS = Number(process.env.TOUCHLINE_CHAOS_EVENTS ?? 50_000);
const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));
const KILLS = 10;
const MAX_LIFE_MS = 3_000;
const POSTS_PER_SECOND = 200;
const READERS = 2;
/** Of few reads, the slowest in a hundred are chance. */
const MEASURE_MS = Math.max(6_000, EVENTS / 25);
const RATE = Number(process.env.TOUCHLINE_CHAOS_EVENTS_PER_SECOND ?? 5_000);
/** Events a second: slow enough to leave most of a core to readers, and to last as long as is measured without a rebuild. */
const THROTTLE = Math.min(RATE, Math.ceil(EVENTS / (MEASURE_MS / 1_000)));
const ACCOUNTS = Array.from({ length: 200 }, (_, at) => `account:shop:settled-${at}`);
const SERVICE = 'standalone';
const PATIENCE_MS = 60_000 + EVENTS;

interface Rebuild {
  readonly job: string;
  readonly state: string;
  readonly position: string;
  readonly verification: { readonly equal: boolean } | null;
}

const databases: [name: string, settings: Readonly<Record<string, string>>][] = [['SQLite', {}]];
const postgres = await openPostgresForTests();
if ('missing' in postgres) test.skip(`a rebuild on PostgreSQL: ${postgres.missing}`, () => {});
else {
  const own = new OwnSchema(postgres);
  afterAll(async () => {
    await own.drop();
    await postgres.close();
  });
  databases.push(['PostgreSQL', { TOUCHLINE_READ_STORE: own.url() }]);
}

test.each(databases)(
  `a rebuild of ${EVENTS} events on %s, killed ${KILLS} times while ${POSTS_PER_SECOND} touchpoints a second arrive, ends promoted and equal (seed ${seed})`,
  async (database, settings) => {
    const touchline = await install('one process', settings);
    const ledger = new Ledger();
    const random = seededRandom(seed);
    const storm = new Storm(touchline, ledger);
    const client = new Client(touchline, storm, ledger);
    const over = new AbortController();
    const at: Surroundings = { client, random, signal: over.signal };
    try {
      await fill(touchline);
      const watch = new ReadWatch(await customers(at));
      const acting = [writeSteadily(at, { perSecond: POSTS_PER_SECOND, accounts: ACCOUNTS })];
      for (let reader = 0; reader < READERS; reader++) acting.push(watch.run(at));

      const calm = performance.now();
      await delay(MEASURE_MS);
      const rebuilding = performance.now();
      const { job } = await rebuild(touchline, { eventspersecond: THROTTLE });
      let verifying = Number.POSITIVE_INFINITY;
      const promoted = await ended(touchline, job, ({ state }) => {
        if (state === 'verifying') verifying = Math.min(verifying, performance.now());
      });
      const done = performance.now();
      expect(promoted).toMatchObject({ state: 'promoted', verification: { equal: true } });
      await delay(1_000);
      const figures = {
        without: watch.between(calm, rebuilding),
        during: watch.between(rebuilding, done),
        verifying: watch.between(verifying, done),
        // Told half a second after it was done, at most.
        promotion: watch.between(done - 1_500, done + 1_000),
      };
      report(database, figures, { rebuiltMs: done - rebuilding, verifiedMs: Math.max(0, done - verifying) });

      const { job: mortal } = await rebuild(touchline, { eventspersecond: THROTTLE });
      for (let kill = 0; kill < KILLS; kill++) {
        await delay(random() * MAX_LIFE_MS);
        await storm.hit(SERVICE, 'crash');
      }
      const survivor = await ended(touchline, mortal);
      over.abort();
      await Promise.all(acting);
      expect(survivor).toMatchObject({ state: 'promoted', verification: { equal: true } });
      expect(ledger.findings.slice(0, 20)).toEqual([]);
      expect([figures.without.failed, figures.during.failed, figures.promotion.failed]).toEqual([0, 0, 0]);
      await new Reckoning(touchline, ledger, PATIENCE_MS).hold();
    } finally {
      over.abort();
      await touchline.close();
    }
  },
  10 * PATIENCE_MS,
);

/** A log to rebuild from, of many customers. */
async function fill(touchline: Installation): Promise<void> {
  function* lines() {
    for (let at = 0; at < EVENTS; at++) {
      const account = `account:shop:filler-${at % Math.ceil(EVENTS / 20)}`;
      yield JSON.stringify({ ...note(`filler-${at}`, account), source: '/filler' });
    }
  }
  const answer = await upload(touchline.at('/v1/events'), lines());
  expect(((await answer.json()) as Summary).accepted).toBe(EVENTS);
  const isReady = async () => (await touchline.at('/health/ready').fetch('/health/ready')).ok;
  await until(isReady, 'the log is folded', PATIENCE_MS);
}

/** Of the accounts that are written to and read. */
async function customers(at: Surroundings): Promise<string[]> {
  const found: string[] = [];
  for (const account of ACCOUNTS) {
    const id = `first of ${account}`;
    const position = await post(at, { id, account, body: note(id, account) });
    found.push((await at.client.customerOf(account, position ?? 0n)) ?? '');
  }
  return found;
}

function rebuild(touchline: Installation, more: object): Promise<Rebuild> {
  const path = `${TIMELINE}/rebuilds`;
  const body = JSON.stringify({ reason: 'chaos', promote: 'auto', ...more });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return touchline.at(path).json<Rebuild>(path, init);
}

async function ended(
  touchline: Installation,
  job: string,
  look: (rebuild: Rebuild) => void = () => {},
): Promise<Rebuild> {
  const path = `${TIMELINE}/rebuilds/${job}`;
  let last: Rebuild | undefined;
  const isOver = async (): Promise<boolean> => {
    last = await touchline.at(path).json<Rebuild>(path);
    look(last);
    return FINISHED.includes(last.state) || last.state === 'differs';
  };
  await until(isOver, 'the rebuild ends', PATIENCE_MS);
  return last as Rebuild;
}

type Phase = 'without' | 'during' | 'verifying' | 'promotion';
type Figures = Readonly<Record<Phase, ReturnType<ReadWatch['between']>>>;
type Durations = Readonly<Record<'rebuiltMs' | 'verifiedMs', number>>;

function report(database: string, figures: Figures, { rebuiltMs, verifiedMs }: Durations): void {
  const { without, during, verifying, promotion } = figures;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`;
  const compared = ({ p50, p99 }: Figures[Phase]): string =>
    `p50 ${ms(p50)}, p99 ${ms(p99)} (x${(p99 / without.p99).toFixed(1)})`;
  const lines = [
    `${EVENTS} events on ${database}, rebuilt at ${THROTTLE} a second in ${seconds(rebuiltMs)}, ${seconds(verifiedMs)} of it verifying; load average ${loadavg()[0]?.toFixed(1)}`,
    `reads failed: ${without.failed + during.failed + promotion.failed} of ${without.reads + during.reads}`,
    `without a rebuild: p50 ${ms(without.p50)}, p99 ${ms(without.p99)}`,
    `during a rebuild:  ${compared(during)}`,
    `while it verifies: ${compared(verifying)}`,
    `longest read around the promotion: ${ms(promotion.longest)}`,
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}
