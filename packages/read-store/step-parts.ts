import type { Cell, TableChanges } from './generation.ts';
import type { KeyValue } from './projection.ts';

/** Rows and keys of one table laid out flat: lists in lists cost twice as much to pass on. */
export interface StepPart {
  readonly table: string;
  readonly cells: readonly Cell[];
  readonly deletes: readonly KeyValue[];
  readonly replaces: boolean;
}

const MAX_CELLS = 10_000;
const MAX_CHARACTERS = 4_000_000;

/** A step in parts of bounded size, each of whole rows; a row may be larger than a part should be. */
export function* partsOf(changes: readonly TableChanges[]): Iterable<StepPart> {
  for (const { table, cells, deletes, replaces = false } of changes) {
    const keyWidth = table.key.length;
    const keys = deletes.flat();
    for (let at = 0; at < keys.length; at += MAX_CELLS * keyWidth)
      yield { table: table.name, cells: [], deletes: keys.slice(at, at + MAX_CELLS * keyWidth), replaces };
    const width = Object.keys(table.columns).length;
    for (let from = 0; from < cells.length; ) {
      const to = endOfPart(cells, from, width);
      const isWhole = from === 0 && to === cells.length;
      yield { table: table.name, cells: isWhole ? cells : cells.slice(from, to), deletes: [], replaces };
      from = to;
    }
  }
}

function endOfPart(cells: readonly Cell[], from: number, width: number): number {
  let characters = 0;
  for (let at = from; at < cells.length; at++) {
    const cell = cells[at];
    if (typeof cell === 'string') characters += cell.length;
    const isRowEnd = (at + 1 - from) % width === 0;
    if (isRowEnd && (at + 1 - from >= MAX_CELLS || characters >= MAX_CHARACTERS)) return at + 1;
  }
  return cells.length;
}
