import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { TouchlineProcess } from '../../support/touchline-process.ts';
import type { Bench } from '../main.ts';
import { Child } from '../measure/child.ts';
import { linesOf } from '../measure/events.ts';
import { inTemporaryFolder } from '../measure/installation.ts';
import { compete } from '../measure/rounds.ts';

const LINES = 100_000;
const LINES_PER_CUSTOMER = 20;

/** (b) An NDJSON upload to the intake service against plain SQLite inserts of the same lines in batches of 500. */
export const bench: Bench = ({ rounds, scale, tell }) =>
  inTemporaryFolder(async (folder) => {
    const lines = Math.round(LINES * scale);
    const file = join(folder, 'lines.ndjson');
    await writeFile(file, Readable.from(linesOf(0, lines, Math.ceil(lines / LINES_PER_CUSTOMER))));
    const raw = async (round: number): Promise<number> => {
      const child = new Child(new URL('../baselines/raw-insert.ts', import.meta.url), [
        file,
        join(folder, `raw-${round}`),
      ]);
      const { seconds } = await child.next<{ seconds: number }>();
      await child.stop();
      return lines / seconds;
    };
    const ours = (round: number): Promise<number> => upload(join(folder, `intake-${round}`), file, lines);
    const [base, intake] = await compete(
      [
        { name: 'better-sqlite3 inserts', run: raw },
        { name: 'POST /v1/events, NDJSON', run: ours },
      ],
      rounds,
      tell,
    );
    const ratio = (intake?.median ?? 0) / (base?.median ?? 1);
    return [
      {
        bench: 'ndjson',
        result: ratio.toFixed(2),
        goal: '>= 0.5, aim 0.7',
        met: ratio >= 0.5,
        figures: {
          'plain inserts, lines/s': base?.median ?? 0,
          'upload, lines/s': intake?.median ?? 0,
          lines,
        },
      },
    ];
  });

/** Uploads a file into a fresh installation; answers lines per second. */
export async function upload(dataFolder: string, file: string, lines: number): Promise<number> {
  const intake = await TouchlineProcess.start({
    service: 'intake',
    dataFolder,
    environment: { TOUCHLINE_LOG_LEVEL: 'warn' },
  });
  try {
    const started = performance.now();
    const { accepted } = await sendLines(intake, createReadStream(file));
    if (accepted !== lines) throw new Error(`${accepted} of ${lines} lines were accepted`);
    return lines / ((performance.now() - started) / 1000);
  } finally {
    await intake.stop();
  }
}

/** Streams lines to the NDJSON door; answers its summary. */
export function sendLines(
  to: TouchlineProcess,
  lines: Readable,
): Promise<{ accepted: number; duplicates: number }> {
  return to.json('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(lines) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
}
