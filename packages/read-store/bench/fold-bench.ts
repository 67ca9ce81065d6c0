import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Generation, Projector, type ProjectorLimits, type Source } from '../index.ts';
import { openSqliteReadStore } from '../sqlite/index.ts';
import { BareRows } from './bare-rows.ts';
import { type Contact, company, contactAt } from './company.ts';

/**
 * `node packages/read-store/bench/fold-bench.ts [events] [subjects] [limits as JSON]`: what the engine costs per event on
 * the folding thread beside the fold itself, what the whole process takes, and the most memory and WAL it held.
 */
const events = Number(process.argv[2] ?? 300_000);
const subjects = Number(process.argv[3] ?? 20_000);
const limits = JSON.parse(process.argv[4] ?? '{}') as Partial<ProjectorLimits>;
const BATCH = limits.maxBatchEvents ?? 1_000;

/** A database that costs nothing: what is left is the engine's own book-keeping. */
const nowhere: Generation = {
  number: 0,
  checkpoint: async () => 0n,
  standing: async () => ({ position: 0n, steps: 0 }),
  load: async (asks) => asks.map(() => []),
  commit: async () => 'committed',
  isLoading: async () => false,
  finishLoading: async () => {},
  digest: async () => new Map(),
  frozen: () => Promise.reject(new Error('there are no rows')),
  close: async () => {},
};

const folder = mkdtempSync(join(tmpdir(), 'touchline-fold-'));
let walBytes = 0;
try {
  const store = openSqliteReadStore({ folder });
  const whole = await projecting(await store.openLive(company), limits);
  const peakRss = peakOf('VmHWM');
  await store.close();
  const alone = await projecting(nowhere, { ...limits, maxCachedRows: 10_000_000 });
  const generating = cpuOf(() => forEachBatch(() => {}));
  const folding = cpuOf(foldBarely);
  const perEvent = (ms: number) => `${((ms * 1_000) / events).toFixed(2)} us/event`;
  report({
    events,
    'fold itself': perEvent(folding - generating),
    'engine beside it, folding thread': perEvent(whole.cpuMs - folding),
    'of that its book-keeping': perEvent(alone.cpuMs - folding),
    'whole process, cpu': perEvent(whole.processMs),
    'wall clock': `${perEvent(whole.wallMs)}, ${Math.round(events / (whole.wallMs / 1_000))} events/s`,
    'finish loading': `${whole.finishMs.toFixed(0)} ms`,
    'largest WAL': `${(walBytes / 2 ** 20).toFixed(0)} MiB`,
    'peak RSS': peakRss,
  });
} finally {
  rmSync(folder, { recursive: true });
}

function* batches(after = 0): Iterable<Contact[]> {
  for (let at = after; at < events; at += BATCH)
    yield Array.from({ length: Math.min(BATCH, events - at) }, (_, n) => contactAt(at + n + 1, subjects));
}

function forEachBatch(work: (batch: Contact[]) => void): void {
  for (const batch of batches()) work(batch);
}

function foldBarely(): void {
  const rows = new BareRows();
  const parts = [company.routing, ...company.projections];
  forEachBatch((batch) => {
    for (const event of batch) for (const part of parts) part.fold(event, rows);
  });
}

function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

async function projecting(generation: Generation, some: Partial<ProjectorLimits>) {
  const ending = new AbortController();
  const source: Source<Contact> = {
    head: async () => BigInt(events),
    readSubject: async () => [],
    count: async () => events,
    async *subscribe({ after, signal }) {
      for (const batch of batches(Number(after))) {
        yield batch;
        measureWal();
      }
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  const start = performance.now();
  const thread = process.threadCpuUsage();
  const cpu = process.cpuUsage();
  let lastStep = start;
  await new Promise<void>((resolve, reject) => {
    const projector = new Projector({
      readModel: company,
      generation,
      source,
      limits: some,
      onStep: ({ position }) => {
        lastStep = performance.now();
        if (position === BigInt(events)) ending.abort();
      },
      onFailure: reject,
    });
    projector.run(ending.signal).then(resolve, reject);
  });
  const used = process.threadCpuUsage(thread);
  const whole = process.cpuUsage(cpu);
  return {
    wallMs: lastStep - start,
    finishMs: performance.now() - lastStep,
    cpuMs: (used.user + used.system) / 1_000,
    processMs: (whole.user + whole.system) / 1_000,
  };
}

function measureWal(): void {
  const home = join(folder, company.name);
  for (const name of readdirSync(home))
    if (name.endsWith('-wal')) walBytes = Math.max(walBytes, statSync(join(home, name)).size);
}

function peakOf(field: string): string {
  const found = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return `${(Number(found) / 1024).toFixed(0)} MiB`;
}

function report(lines: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(lines)) process.stdout.write(`${name.padEnd(34)} ${value}\n`);
}
