import { Readable } from 'node:stream';
import { TouchlineProcess } from '../../support/touchline-process.ts';
import type { Bench } from '../main.ts';
import { linesOf } from '../measure/events.ts';
import { inTemporaryFolder } from '../measure/installation.ts';
import { memoryOf } from '../measure/memory.ts';
import { sendLines } from './ndjson.ts';

const LINES = 1_000_000;
const LINES_PER_CUSTOMER = 20;
const LIMIT_MEBIBYTES = 400;

/** (e) Peak resident memory of the process that takes a million lines in, and of the one that then folds them. */
export const bench: Bench = ({ scale, tell }) =>
  inTemporaryFolder(async (folder) => {
    const lines = Math.round(LINES * scale);
    const intake = await TouchlineProcess.start({
      service: 'intake',
      dataFolder: folder,
      environment: { TOUCHLINE_LOG_LEVEL: 'warn' },
    });
    await sendLines(intake, Readable.from(linesOf(0, lines, Math.ceil(lines / LINES_PER_CUSTOMER))));
    const uploading = memoryOf(intake.pid).peak;
    await intake.stop();
    tell(`  upload of ${lines} lines: peak ${uploading} MiB`);
    const timeline = await TouchlineProcess.start({
      service: 'timeline',
      dataFolder: folder,
      environment: { TOUCHLINE_LOG_LEVEL: 'warn' },
    });
    const started = performance.now();
    while (!(await timeline.fetch('/health/ready')).ok)
      await new Promise((resolve) => setTimeout(resolve, 200));
    const seconds = (performance.now() - started) / 1000;
    const folding = memoryOf(timeline.pid).peak;
    await timeline.stop();
    tell(`  folding ${lines} events: peak ${folding} MiB in ${seconds.toFixed(1)} s`);
    const peak = Math.max(uploading, folding);
    return [
      {
        bench: 'memory',
        result: `${peak} MiB`,
        goal: `<= ${LIMIT_MEBIBYTES} MiB`,
        met: peak <= LIMIT_MEBIBYTES,
        figures: {
          'upload, peak MiB': uploading,
          'folding, peak MiB': folding,
          'folding, events/s': lines / seconds,
          lines,
        },
      },
    ];
  });
