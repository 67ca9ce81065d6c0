import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../main.ts';
import { Child } from '../measure/child.ts';
import { fillLog, inTemporaryFolder } from '../measure/installation.ts';
import { compete, median } from '../measure/rounds.ts';

const EVENTS = 200_000;
const EVENTS_PER_CUSTOMER = 20;
const WORKER = new URL('../baselines/fold-log.ts', import.meta.url);

/** (d) Folding the log into the read model "timeline", search included, against reading and opening the same log. */
export const bench: Bench = ({ rounds, scale, tell }) =>
  inTemporaryFolder(async (folder) => {
    const events = Math.round(EVENTS * scale);
    await fillLog(folder, events, Math.ceil(events / EVENTS_PER_CUSTOMER));
    const costs = { read: [] as number[], fold: [] as number[] };
    const perSecond = async (what: 'read' | 'fold'): Promise<number> => {
      await rm(join(folder, 'read-models'), { recursive: true, force: true });
      const child = new Child(WORKER, [what, folder], ['--no-allocation-site-pretenuring']);
      const { seconds, cpuMicroseconds } = await child.next<{ seconds: number; cpuMicroseconds: number }>();
      await child.stop();
      costs[what].push(cpuMicroseconds / events);
      return events / seconds;
    };
    const contenders = [
      { name: 'read and open', run: () => perSecond('read') },
      { name: 'read, open and fold', run: () => perSecond('fold') },
    ];
    const [read, fold] = await compete(contenders, rounds, tell);
    const ratio = (fold?.median ?? 0) / (read?.median ?? 1);
    return [
      {
        bench: 'fold',
        result: ratio.toFixed(2),
        goal: '>= 0.40',
        met: ratio >= 0.4,
        figures: {
          'read and open, events/s': read?.median ?? 0,
          'fold, events/s': fold?.median ?? 0,
          'read and open, cpu us/event': median(costs.read),
          'fold, cpu us/event': median(costs.fold),
          events,
        },
      },
    ];
  });
