import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openPostgresForTests, type PostgresForTests } from '../../support/postgres.ts';
import type { Bench, BenchOptions } from '../main.ts';
import { Child } from '../measure/child.ts';
import { dropEverything } from '../measure/databases.ts';
import { fillLog, inTemporaryFolder } from '../measure/installation.ts';
import type { Finding } from '../measure/report.ts';
import { compete } from '../measure/rounds.ts';

const EVENTS = 100_000;
const EVENTS_PER_CUSTOMER = 20;
/** Its speed does not depend on how long it runs, and nobody wants to wait for it. */
const ROW_BY_ROW_EVENTS = 5_000;
const GROWTH = 10;
const LIMIT_MEBIBYTES = 400;
const WORKER = new URL('../baselines/rebuild-log.ts', import.meta.url);
const SCHEMA = 'touchline';
/** What the rebuilder's thread has. */
const HEAP = ['--max-old-space-size=112', '--max-semi-space-size=8', '--no-allocation-site-pretenuring'];
const DATABASES = ['SQLite', 'PostgreSQL'] as const;

interface Run {
  readonly seconds: number;
  readonly peak: number;
}

/**
 * A fresh generation of the read model "timeline", search included, from an existing log: on SQLite and on PostgreSQL, against
 * reading and opening the log only, and against the projection most teams write. Then ten times the log, once: memory and time.
 */
export const bench: Bench = async (options) => {
  const postgres = await openPostgresForTests();
  if ('missing' in postgres) throw new Error(postgres.missing);
  try {
    return [
      await inTemporaryFolder((folder) => againstOthers(folder, postgres, options)),
      await growing(postgres, options),
    ];
  } finally {
    await postgres.close();
  }
};

async function againstOthers(
  folder: string,
  { url }: PostgresForTests,
  { rounds, scale, tell }: BenchOptions,
): Promise<Finding> {
  const events = Math.round(EVENTS * scale);
  const few = Math.min(ROW_BY_ROW_EVENTS, events);
  const rate =
    (count: number, what: string, ...rest: readonly string[]) =>
    async () =>
      count / (await work(folder, url, what, ...rest)).seconds;
  await fill(folder, events);
  const standings = await compete(
    [
      { name: 'read and open', run: rate(events, 'read') },
      { name: 'rebuild on SQLite', run: rate(events, 'fold', 'sqlite:') },
      { name: 'rebuild on PostgreSQL', run: rate(events, 'fold', url) },
      { name: 'row by row on PostgreSQL', run: rate(few, 'row-by-row', url, String(few), SCHEMA) },
    ],
    rounds,
    tell,
  );
  const [read = 0, sqlite = 0, postgres = 0, rowByRow = 1] = standings.map(({ median }) => median);
  return {
    bench: 'rebuild',
    result: `${(postgres / rowByRow).toFixed(1)} times row by row`,
    goal: '>= 5, aim 10',
    met: postgres / rowByRow >= 5,
    figures: {
      'read and open, events/s': read,
      'rebuild on SQLite, events/s': sqlite,
      'rebuild on PostgreSQL, events/s': postgres,
      'row by row on PostgreSQL, events/s': rowByRow,
      events,
    },
  };
}

async function growing({ url }: PostgresForTests, { scale, tell }: BenchOptions): Promise<Finding> {
  const events = Math.round(EVENTS * scale);
  const both = (count: number) =>
    inTemporaryFolder(async (folder) => {
      await fill(folder, count);
      const runs = [
        await work(folder, url, 'fold', 'sqlite:'),
        await work(folder, url, 'fold', url),
      ] as const;
      for (const [at, { seconds, peak }] of runs.entries())
        tell(`  ${count} events on ${DATABASES[at]}: ${seconds.toFixed(1)} s, peak ${peak} MiB`);
      return runs;
    });
  const [small, large] = [await both(events), await both(events * GROWTH)];
  const peak = Math.max(...large.map((run) => run.peak));
  const figures = DATABASES.flatMap((name, at) => [
    [`${name}, peak MiB`, large[at]?.peak ?? 0],
    [`${name}, peak MiB of a tenth`, small[at]?.peak ?? 0],
    [`${name}, times as long as a tenth`, (large[at]?.seconds ?? 0) / (small[at]?.seconds ?? 1)],
  ]);
  return {
    bench: 'rebuild, ten times the log',
    result: `${peak} MiB`,
    goal: `<= ${LIMIT_MEBIBYTES} MiB, time linear`,
    met: peak <= LIMIT_MEBIBYTES,
    figures: { ...Object.fromEntries(figures), events: events * GROWTH },
  };
}

function fill(folder: string, events: number): Promise<void> {
  return fillLog(folder, events, Math.ceil(events / EVENTS_PER_CUSTOMER));
}

/** In a process of its own, from nothing. */
async function work(folder: string, url: string, what: string, ...rest: readonly string[]): Promise<Run> {
  await rm(join(folder, 'read-models'), { recursive: true, force: true });
  await dropEverything(url);
  const child = new Child(WORKER, [what, folder, ...rest], HEAP);
  const run = await child.next<Run>();
  await child.stop();
  return run;
}
