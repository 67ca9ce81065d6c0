import { rm } from 'node:fs/promises';
import { CommandError, type Ending } from '../commands/command-error.ts';
import type { Display, Progress } from '../display/display.ts';
import { Pace } from '../display/pace.ts';
import type { InputItems } from '../input/input-items.ts';
import { openItems } from '../input/open-items.ts';
import type { NamedMapping } from '../mapping/mapping-file.ts';
import { batchesOf } from './batches.ts';
import { RejectsFile } from './rejects-file.ts';
import type { ResumeFile } from './resume-point.ts';
import type { Sender } from './send-batch.ts';
import { type Acknowledged, upload } from './upload.ts';

const SAVE_EVERY_MS = 1_000;

export interface ImportOptions {
  readonly mapping: NamedMapping | undefined;
  readonly send: Sender;
  readonly concurrency: number;
  readonly rejectsPath: string;
  /** Nothing when the import cannot be resumed (a dry run). */
  readonly resume: ResumeFile | undefined;
  readonly display: Display;
  readonly stop: AbortSignal;
}

/** What came of importing one file. Counts include those of the interrupted run it went on from. */
export interface ImportResult {
  readonly file: string;
  readonly ending: Ending;
  /** Why it failed, for the person who started it. */
  readonly problem?: string;
  readonly touchpoints: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Where the rejects are. */
  readonly rejects?: string;
  /** Of the last touchpoint acknowledged. */
  readonly position?: string;
  /** Items that an earlier run had settled. */
  readonly resumedAt?: number;
  readonly seconds: number;
}

interface Tally {
  items: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  done: number;
  position: string | undefined;
}

/** Imports one file. Answers what came of it also when it fails half way; nothing acknowledged is lost. */
export async function importFile(path: string, options: ImportOptions): Promise<ImportResult> {
  const startedAt = performance.now();
  const point = await options.resume?.read();
  const tally: Tally = {
    items: 0,
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    done: 0,
    position: undefined,
    ...point,
  };
  await using rejects = new RejectsFile(options.rejectsPath, point?.rejectsBytes);
  if (point === undefined) await rm(options.rejectsPath, { force: true });
  else options.display.note(`${path}: going on after ${point.items} that are settled`);
  const end = await run(path, tally, rejects, options).catch(failure);
  options.display.stop();
  return {
    file: path,
    ...(end.ending === 'done' && tally.rejected > 0 ? { ending: 'rejects' } : end),
    touchpoints: tally.accepted + tally.duplicates,
    accepted: tally.accepted,
    duplicates: tally.duplicates,
    rejected: tally.rejected,
    ...(tally.rejected > 0 ? { rejects: rejects.path } : {}),
    ...(tally.position === undefined ? {} : { position: tally.position }),
    ...(point === undefined ? {} : { resumedAt: point.items }),
    seconds: Math.round((performance.now() - startedAt) / 10) / 100,
  };
}

interface End {
  readonly ending: Ending;
  readonly problem?: string;
}

async function run(path: string, tally: Tally, rejects: RejectsFile, options: ImportOptions): Promise<End> {
  const { mapping, stop, display, concurrency, resume } = options;
  const input = await openItems(path, { mapping, stop });
  display.start(progressOf(path, input, tally));
  const batches = batchesOf(input.items, () => input.stage().done, tally.items);
  let savedAt = performance.now();
  const save = async (): Promise<void> => {
    const { items, accepted, duplicates, rejected } = tally;
    await resume?.write({ items, accepted, duplicates, rejected, rejectsBytes: rejects.sizeBytes });
  };
  try {
    for await (const acknowledged of upload(batches, options.send, { concurrency, stop })) {
      await rejects.write(acknowledged.rejects);
      add(tally, acknowledged);
      if (performance.now() - savedAt < SAVE_EVERY_MS) continue;
      await save();
      savedAt = performance.now();
    }
  } catch (error) {
    await save();
    throw error;
  }
  if (!stop.aborted) await resume?.remove();
  else await save();
  return stop.aborted ? { ending: 'interrupted' } : { ending: 'done' };
}

function add(tally: Tally, { items, accepted, duplicates, rejected, done, position }: Acknowledged): void {
  tally.items += items;
  tally.accepted += accepted;
  tally.duplicates += duplicates;
  tally.rejected += rejected;
  tally.done = done;
  tally.position = position ?? tally.position;
}

/**
 * Paced anew for each stage (sorting is much faster than sending), and not before the first answer when an earlier
 * run's part is skipped first.
 */
function progressOf(path: string, input: InputItems, tally: Tally): () => Progress {
  let paced: { name: string; pace: Pace; count: number } | undefined;
  return () => {
    const now = performance.now();
    const { name, done: read, total } = input.stage();
    const done = name === 'sorting' ? read : tally.done;
    const count = tally.accepted + tally.duplicates + tally.rejected;
    const isSkipping = name === 'sending' && tally.items > 0 && done === 0;
    if (paced?.name !== name) paced = isSkipping ? undefined : { name, pace: new Pace(now, done), count };
    return {
      label: `${name} ${path}`,
      fraction: total === 0 ? undefined : done / total,
      count,
      perSecond: paced?.pace.rate(now, count - paced.count),
      remainingSeconds: paced?.pace.remainingSeconds(now, done, total),
    };
  };
}

function failure(error: unknown): End {
  if (error instanceof CommandError) return { ending: error.ending, problem: error.message };
  return { ending: 'failed', problem: error instanceof Error ? error.message : String(error) };
}
