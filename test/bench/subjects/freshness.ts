import { TouchlineProcess } from '../../support/touchline-process.ts';
import type { Bench, BenchOptions } from '../main.ts';
import { eventAt } from '../measure/events.ts';
import { inTemporaryFolder } from '../measure/installation.ts';
import type { Finding } from '../measure/report.ts';
import { quantile } from '../measure/rounds.ts';
import { freshnessEndToEnd } from './freshness-end-to-end.ts';

const POSTS = 1_000;
const PAUSE_MS = 5;

export const bench: Bench = async (options) => [await oneByOne(options), await freshnessEndToEnd(options)];

/**
 * From the answer to a post on one process until another process answers a read that demands its position: the write is in the
 * log, folded and visible. One post after the other, so that nothing but the way is measured.
 */
function oneByOne({ scale, tell }: BenchOptions): Promise<Finding> {
  return inTemporaryFolder(async (dataFolder) => {
    const environment = { TOUCHLINE_LOG_LEVEL: 'warn' };
    const writer = await TouchlineProcess.start({ service: 'intake', dataFolder, environment });
    const reader = await TouchlineProcess.start({ service: 'timeline', dataFolder, environment });
    try {
      const waits: number[] = [];
      for (let index = 0; index < Math.max(50, POSTS * scale); index++) {
        const answer = await writer.post(eventAt(index, 100));
        const { position } = (await answer.json()) as { position: string };
        const started = performance.now();
        const read = await reader.fetch(`/v1/search?q=tea&limit=1`, {
          headers: { 'touchline-min-position': position },
        });
        if (!read.ok) throw new Error(`the reader answered ${read.status}: ${await read.text()}`);
        await read.arrayBuffer();
        waits.push(performance.now() - started);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      const typical = quantile(waits, 0.5);
      tell(`  ${waits.length} writes`);
      const figures = { 'median ms': typical, 'p99 ms': quantile(waits, 0.99), writes: waits.length };
      return {
        bench: 'freshness',
        result: `${typical.toFixed(1)} ms`,
        goal: '<= 20 ms',
        met: typical <= 20,
        figures,
      };
    } finally {
      await Promise.all([writer.stop(), reader.stop()]);
    }
  });
}
