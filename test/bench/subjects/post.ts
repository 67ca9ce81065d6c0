import { TOKEN, TouchlineProcess } from '../../support/touchline-process.ts';
import type { Bench } from '../main.ts';
import { Child } from '../measure/child.ts';
import { eventAt } from '../measure/events.ts';
import { inTemporaryFolder } from '../measure/installation.ts';
import { cpuFigures, type LoadResult, load } from '../measure/load.ts';
import { compete } from '../measure/rounds.ts';

const SECONDS = 5;
const CONNECTIONS = 64;
const SHAPES = 300;

/** (a) Single durable posts at 64 connections, on the intake service and on everything in one process. */
export const bench: Bench = ({ rounds, scale, tell }) =>
  inTemporaryFolder(async (folder) => {
    const bare = new Child(new URL('../baselines/bare-post.ts', import.meta.url));
    const { origin } = await bare.next<{ origin: string }>();
    const environment = { TOUCHLINE_LOG_LEVEL: 'warn' };
    const intake = await TouchlineProcess.start({
      service: 'intake',
      dataFolder: `${folder}/a`,
      environment,
    });
    const standalone = await TouchlineProcess.start({ dataFolder: `${folder}/b`, environment });
    try {
      const costs: Record<string, LoadResult[]> = {};
      const at = (name: string, url: string, pid: number) => ({
        name,
        run: async () => {
          const result = await load({ url, pid, seconds: Math.max(1, SECONDS * scale), ...posts });
          costs[name] = [...(costs[name] ?? []), result];
          return result.perSecond;
        },
      });
      const [base, alone, all] = await compete(
        [
          at('bare Fastify, same schema, no storage', origin, bare.pid),
          at('intake, durable', intake.origin, intake.pid),
          at('standalone, durable and folding', standalone.origin, standalone.pid),
        ],
        rounds,
        tell,
      );
      const ratio = (alone?.median ?? 0) / (base?.median ?? 1);
      return [
        {
          bench: 'post',
          result: ratio.toFixed(2),
          goal: '>= 0.35, aim 0.5',
          met: ratio >= 0.35,
          figures: {
            'bare Fastify, posts/s': base?.median ?? 0,
            'intake, posts/s': alone?.median ?? 0,
            'standalone, posts/s': all?.median ?? 0,
            'standalone against bare': (all?.median ?? 0) / (base?.median ?? 1),
            connections: CONNECTIONS,
            ...cpuFigures(costs, 'post'),
          },
        },
      ];
    } finally {
      await Promise.all([bare.stop(), intake.stop(), standalone.stop()]);
    }
  });

const posts = {
  connections: CONNECTIONS,
  headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/cloudevents+json' },
  requests: Array.from({ length: SHAPES }, (_, index) => ({
    method: 'POST' as const,
    path: '/v1/events',
    body: JSON.stringify({ ...eventAt(index, SHAPES), id: `[<id>]` }),
  })),
};
