import { askOfRow } from './asks.ts';
import type { Ask } from './generation.ts';
import type { Foldable, Prefetch, ReadModel, Rows } from './projection.ts';
import { defineTable, type Table } from './table.ts';
import type { SubjectReader } from './waiting-events.ts';

/** Where an event id was first met in the log. */
export interface AppliedRow {
  readonly eventid: string;
  readonly position: number;
}

/** One row per event id, in read models of logs that may hold one twice. */
export const appliedTable = defineTable<AppliedRow>({
  name: 'applied_events',
  columns: { eventid: 'text', position: 'integer' },
  key: ['eventid'],
  revisited: 'seldom',
});

/** An event that was not folded, because an earlier one of the log has its id. */
export interface RepeatedRow {
  readonly position: number;
  readonly eventid: string;
  /** Position of the event that counts. */
  readonly first: number;
  /** The data subject in whose stream the repeat stands: that of the first, or another one. */
  readonly subject: string;
  readonly version: number;
  readonly recordedAt: number;
}

/** What was dropped: nothing is passed over without a row. */
export const repeatedTable = defineTable<RepeatedRow>({
  name: 'repeated_events',
  columns: {
    position: 'integer',
    eventid: 'text',
    first: 'integer',
    subject: 'text',
    version: 'integer',
    recordedAt: 'integer',
  },
  key: ['position'],
  appendOnly: true,
});

/** Tables of the guard. A change of their meaning is a new version: rows made without the guard, or another one, are not these rows. */
export const REPEATS = {
  name: 'repeats',
  version: 1,
  tables: [appliedTable, repeatedTable] as readonly Table<never>[],
} as const;

/**
 * Tells repeats from first occurrences, in log order, whether the first was folded or parked. Kept as rows beside the read
 * model's own, so what was seen survives whatever the rows survive.
 */
export class Repeats<Event extends Foldable> {
  readonly #rows: Rows;
  readonly #idOf: (event: Event) => string;

  constructor(rows: Rows, idOf: (event: Event) => string) {
    this.#rows = rows;
    this.#idOf = idOf;
  }

  prefetch(events: readonly Event[], wish: Prefetch): void {
    for (const event of events) wish.row(appliedTable, this.#idOf(event));
  }

  /** Notes an event. True when an earlier one has its id: then it is noted as dropped, and must not be folded. */
  note(event: Event): boolean {
    const eventid = this.#idOf(event);
    const position = Number(event.position);
    const first = this.#rows.get(appliedTable, eventid)?.position;
    if (first === undefined) this.#rows.put(appliedTable, { eventid, position });
    if (first === undefined || first === position) return false;
    const { subject, version, recordedAt } = event;
    this.#rows.put(repeatedTable, { position, eventid, first, subject, version, recordedAt });
    return true;
  }
}

/**
 * Events of a data subject without those that were dropped. `load` looks up rows of a generation that holds every event in
 * question; of later events nothing is known, and they are all answered.
 */
export function withoutRepeats<Event extends Foldable>(
  reader: SubjectReader<Event>,
  { idOf }: Pick<ReadModel<Event>, 'idOf'>,
  load: (asks: readonly Ask[]) => Promise<readonly (readonly object[])[]>,
): SubjectReader<Event> {
  if (idOf === undefined) return reader;
  const isFirst = async (page: readonly Event[]): Promise<readonly boolean[]> => {
    const found = await load(page.map((event) => askOf(idOf(event))));
    return page.map(({ position }, at) => {
      const [row] = (found[at] ?? []) as readonly AppliedRow[];
      return row === undefined || row.position === Number(position);
    });
  };
  return {
    async readSubject(subject, { from, limit }) {
      for (let next = from; ; ) {
        const page = await reader.readSubject(subject, { from: next, limit });
        const last = page.at(-1);
        if (last === undefined) return page;
        const firsts = await isFirst(page);
        if (firsts.includes(true)) return page.filter((_, at) => firsts[at]);
        next = last.version + 1;
      }
    },
  };
}

function askOf(eventid: string): Ask {
  return askOfRow(appliedTable, [eventid]);
}
