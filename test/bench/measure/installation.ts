import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBacking } from '@touchline/backing';
import { Projector } from '@touchline/read-store';
import { FOLDING_LIMITS, timelineReadModel } from '@touchline/timeline';
import { catalogue } from '@touchline/touchpoints';
import { eventAt } from './events.ts';

const BATCH_EVENTS = 500;
const PAGE_EVENTS = 2_000;

export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records events 0 to `count` into the log of a data folder. */
export async function fillLog(folder: string, count: number, customers: number): Promise<void> {
  const backing = await openBacking({ dataFolder: folder });
  for (let index = 0; index < count; index += BATCH_EVENTS) {
    const batch = [];
    for (let at = index; at < Math.min(count, index + BATCH_EVENTS); at++) {
      const parsed = catalogue.parse(eventAt(at, customers), { now: Date.now() });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      batch.push(parsed.touchpoint);
    }
    await backing.journal.record(batch);
  }
  await backing.close();
}

/** Reads and opens the whole log of a data folder; answers the seconds it took. */
export async function readLog(folder: string): Promise<number> {
  const backing = await openBacking({ dataFolder: folder });
  const started = performance.now();
  for (let after = 0n; ; ) {
    const page = await backing.journal.read({ after, limit: PAGE_EVENTS });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.position;
  }
  const seconds = (performance.now() - started) / 1000;
  await backing.close();
  return seconds;
}

/** Folds the whole log of a data folder; answers the seconds it took. */
export async function foldLog(folder: string, readStore = 'sqlite:'): Promise<number> {
  const backing = await openBacking({ dataFolder: folder, readStore });
  const readModel = timelineReadModel(catalogue);
  const generation = await backing.readStore.openLive(readModel);
  const reader = await backing.readStore.openReader(readModel);
  const head = await backing.journal.head();
  const stop = new AbortController();
  const started = performance.now();
  const projecting = { readModel, generation, source: backing.journal, limits: FOLDING_LIMITS };
  const running = new Projector(projecting).run(stop.signal);
  await reader.reached(head, { signal: AbortSignal.timeout(30 * 60_000) });
  const seconds = (performance.now() - started) / 1000;
  stop.abort();
  await running;
  await backing.close();
  return seconds;
}
