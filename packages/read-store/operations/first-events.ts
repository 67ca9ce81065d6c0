import type { Generation } from '../generation.ts';
import type { Foldable, KeyValue, ReadModel } from '../projection.ts';
import { Projector, type ProjectorLimits, type Source } from '../projector.ts';
import type { Table } from '../table.ts';
import { GatedSource } from './gated-source.ts';

interface Sought {
  readonly table: Table<never>;
  readonly key: readonly KeyValue[];
}

/**
 * Positions of the first events that touch some rows, in the order asked. Folds the log again into `scratch`, an empty generation,
 * until all are found or `upTo` is reached.
 */
export async function firstEventsOf<Event extends Foldable>(
  rows: readonly Sought[],
  options: {
    readonly readModel: ReadModel<Event>;
    readonly source: Source<Event>;
    readonly scratch: Generation;
    readonly upTo: bigint;
    readonly limits?: Partial<ProjectorLimits>;
    readonly signal: AbortSignal;
  },
): Promise<readonly (bigint | undefined)[]> {
  const sought = new Map(
    rows.map((row) => [nameOf(row.table.name, row.key), undefined as bigint | undefined]),
  );
  let missing = sought.size;
  const done = new AbortController();
  const source = new GatedSource(options.source, { after: 0n });
  source.open(options.upTo);
  const projector = new Projector({
    readModel: options.readModel,
    generation: options.scratch,
    source,
    limits: options.limits ?? {},
    onTouched: (event, table, key) => {
      const name = nameOf(table, key);
      if (!sought.has(name) || sought.get(name) !== undefined) return;
      sought.set(name, event.position);
      if (--missing === 0) done.abort();
    },
    onStep: ({ position }) => position >= options.upTo && done.abort(),
    onFailure: (failure) => done.abort(failure),
  });
  if (missing > 0 && options.upTo > 0n) await projector.run(AbortSignal.any([done.signal, options.signal]));
  options.signal.throwIfAborted();
  return rows.map((row) => sought.get(nameOf(row.table.name, row.key)));
}

function nameOf(table: string, key: readonly KeyValue[]): string {
  return JSON.stringify([table, ...key]);
}
