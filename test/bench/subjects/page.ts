import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOKEN, TouchlineProcess } from '../../support/touchline-process.ts';
import type { Bench } from '../main.ts';
import { Child } from '../measure/child.ts';
import { fillLog, foldLog, inTemporaryFolder } from '../measure/installation.ts';
import { cpuFigures, type LoadResult, load } from '../measure/load.ts';
import { compete, median } from '../measure/rounds.ts';

const SMALL_EVENTS = 10_000;
const LARGE_EVENTS = 1_000_000;
/** So that a page of fifty is always full. */
const EVENTS_PER_CUSTOMER = 100;
const CUSTOMERS_ASKED = 1_000;
const SECONDS = 5;
const CONNECTIONS = 16;

/** (c) The first page of fifty entries of random customers, in a small and in a large installation. */
export const bench: Bench = ({ rounds, scale, tell }) =>
  inTemporaryFolder(async (folder) => {
    const small = await serve(join(folder, 'small'), SMALL_EVENTS, tell);
    const large = await serve(join(folder, 'large'), Math.round(LARGE_EVENTS * scale), tell);
    const pages = join(folder, 'pages.json');
    await writeFile(pages, JSON.stringify(await readPages(large)));
    const bare = new Child(new URL('../baselines/bare-get.ts', import.meta.url), [pages]);
    const { origin } = await bare.next<{ origin: string }>();
    const tails: Record<string, number[]> = { small: [], large: [] };
    try {
      const costs: Record<string, LoadResult[]> = {};
      const ask = async (name: string, at: { origin: string; pid: number }, ids: readonly string[]) => {
        const result = await load({ url: at.origin, pid: at.pid, seconds: SECONDS, ...gets(ids) });
        costs[name] = [...(costs[name] ?? []), result];
        return result;
      };
      const ours = (name: 'small' | 'large', { server, ids }: Served) => ({
        name: `timeline, ${name} installation`,
        run: async () => {
          const { perSecond, p99Ms } = await ask(name, server, ids);
          tails[name]?.push(p99Ms);
          return perSecond;
        },
      });
      const [base, atSmall, atLarge] = await compete(
        [
          {
            name: 'bare Fastify, same bytes',
            run: async () => (await ask('bare', { origin, pid: bare.pid }, large.ids)).perSecond,
          },
          ours('small', small),
          ours('large', large),
        ],
        rounds,
        tell,
      );
      const ratio = (atLarge?.median ?? 0) / (base?.median ?? 1);
      const growth = median(tails.large ?? []) / median(tails.small ?? []);
      const figures = {
        'bare Fastify, pages/s': base?.median ?? 0,
        'timeline, small installation, pages/s': atSmall?.median ?? 0,
        'timeline, large installation, pages/s': atLarge?.median ?? 0,
        'p99 small, ms': median(tails.small ?? []),
        'p99 large, ms': median(tails.large ?? []),
        ...cpuFigures(costs, 'page'),
        'events in the large installation': Math.round(LARGE_EVENTS * scale),
      };
      return [
        { bench: 'page', result: ratio.toFixed(2), goal: '>= 0.40, aim 0.7', met: ratio >= 0.4, figures },
        { bench: 'page growth', result: growth.toFixed(2), goal: '<= 1.5', met: growth <= 1.5, figures: {} },
      ];
    } finally {
      await Promise.all([bare.stop(), small.server.stop(), large.server.stop()]);
    }
  });

interface Served {
  readonly server: TouchlineProcess;
  readonly ids: readonly string[];
}

async function serve(dataFolder: string, events: number, tell: (line: string) => void): Promise<Served> {
  const customers = Math.ceil(events / EVENTS_PER_CUSTOMER);
  await fillLog(dataFolder, events, customers);
  const seconds = await foldLog(dataFolder);
  tell(`  ${events} events folded in ${seconds.toFixed(1)} s`);
  const server = await TouchlineProcess.start({
    service: 'timeline',
    dataFolder,
    environment: { TOUCHLINE_LOG_LEVEL: 'warn' },
  });
  const ids = new Set<string>();
  const asked = Math.min(customers, CUSTOMERS_ASKED);
  for (let at = 0; at < asked; at++) {
    const account = `account:shop:${Math.floor((at * customers) / asked)}`;
    const { items } = await server.json<{ items: { customerid: string }[] }>(
      `/v1/customers?identifier=${account}`,
    );
    for (const { customerid } of items) ids.add(customerid);
  }
  return { server, ids: [...ids] };
}

async function readPages({ server, ids }: Served): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  for (const id of ids) pages[id] = await (await server.fetch(pathOf(id))).text();
  return pages;
}

function pathOf(id: string): string {
  return `/v1/customers/${id}/timeline?limit=50`;
}

function gets(ids: readonly string[]) {
  return {
    connections: CONNECTIONS,
    headers: { authorization: `Bearer ${TOKEN}` },
    requests: ids.map((id) => ({ method: 'GET' as const, path: pathOf(id) })),
  };
}
