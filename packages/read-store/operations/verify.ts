import type { FrozenRows } from '../generation.ts';
import type { Generations } from '../generations.ts';
import type { Foldable, ReadModel } from '../projection.ts';
import type { ProjectorLimits, Source } from '../projector.ts';
import { tablesOf } from '../read-store.ts';
import { differencesOf, type RowDifference } from './compare.ts';
import { firstEventsOf } from './first-events.ts';
import { masked } from './mask.ts';
import type { Pace } from './pace.ts';
import { MAX_DIFFERENCES, type Verification } from './rebuild-job.ts';

export interface VerifyOptions<Event extends Foldable> {
  readonly readModel: ReadModel<Event>;
  readonly source: Source<Event>;
  readonly generations: Generations;
  readonly limits: Partial<ProjectorLimits>;
  /** Absent where it shall be done as fast as it goes. */
  readonly pace?: Pace | undefined;
  readonly signal: AbortSignal;
}

/** Compares every table of two generations that stand at one position. Where one differs, names rows and the events behind them. */
export async function verify<Event extends Foldable>(
  live: FrozenRows,
  rebuilt: FrozenRows,
  options: VerifyOptions<Event>,
): Promise<Verification> {
  const { readModel, signal, pace } = options;
  if (live.position !== rebuilt.position)
    throw new Error(`generations at ${live.position} and ${rebuilt.position} cannot be compared`);
  const digesting = { signal, ...(pace === undefined ? {} : { rest: () => pace.rest(signal) }) };
  const [served, expected] = [await live.digest(digesting), await rebuilt.digest(digesting)];
  const tables = tablesOf(readModel as ReadModel<never>).map((table) => ({
    table,
    equal: served.get(table.name) === expected.get(table.name),
  }));
  const found: RowDifference[] = [];
  for (const { table, equal } of tables) {
    if (equal) continue;
    for await (const difference of differencesOf(table, live, rebuilt)) {
      signal.throwIfAborted();
      if (found.push(difference) >= MAX_DIFFERENCES) break;
    }
    if (found.length >= MAX_DIFFERENCES) break;
  }
  const firsts = found.length === 0 ? [] : await firstEvents(found, live.position, options);
  return {
    position: String(live.position),
    equal: tables.every(({ equal }) => equal),
    tables: tables.map(({ table, equal }) => ({ table: table.name, equal })),
    differences: found.map((difference, at) => masked(difference, firsts[at])),
  };
}

async function firstEvents<Event extends Foldable>(
  found: readonly RowDifference[],
  upTo: bigint,
  { readModel, generations, ...options }: VerifyOptions<Event>,
): Promise<readonly (bigint | undefined)[]> {
  const scratch = await generations.begin(readModel as ReadModel<never>);
  try {
    return await firstEventsOf(found, { ...options, readModel, scratch, upTo });
  } finally {
    await scratch.close();
    await generations.drop(readModel.name, scratch.number);
  }
}
