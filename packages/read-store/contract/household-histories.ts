import fc from 'fast-check';
import { tablesOf } from '../index.ts';
import { DATA_TABLES, type HouseholdEvent, households } from './households.ts';
import { PlainRows } from './plain-rows.ts';

interface Act {
  readonly kind: HouseholdEvent['kind'];
  readonly who: number;
  readonly whom: number;
  readonly amount: number;
}

export interface HistoryOptions {
  readonly people?: number;
  readonly maxEvents?: number;
  /** Parting makes what waited together wait apart. */
  readonly withParts?: boolean;
}

/** Logs of a few people: letters, joins, and partings of joins made before or, out of order, later. */
export function histories(options: HistoryOptions = {}): fc.Arbitrary<readonly HouseholdEvent[]> {
  const { people = 6, maxEvents = 60, withParts = true } = options;
  const act: fc.Arbitrary<Act> = fc.record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constant('letter' as const) },
      { weight: 2, arbitrary: fc.constant('join' as const) },
      ...(withParts ? [{ weight: 1, arbitrary: fc.constant('part' as const) }] : []),
    ),
    who: fc.nat(people - 1),
    whom: fc.nat(people - 1),
    amount: fc.nat(20),
  });
  return fc.array(act, { maxLength: maxEvents }).map(historyOf);
}

/** Positions have gaps, as those of some logs do. */
export function historyOf(acts: readonly Act[]): readonly HouseholdEvent[] {
  const versions = new Map<string, number>();
  const joins: { position: number; pair: readonly [string, string] }[] = [];
  return acts.map(({ kind, who, whom, amount }, at) => {
    const position = (at + 1) * 3;
    const join = kind === 'part' ? joins[amount % (joins.length || 1)] : undefined;
    const [subject, other] = join?.pair ?? [`s${who}`, `s${whom}`];
    const version = versions.get(subject) ?? 0;
    versions.set(subject, version + 1);
    const event = { position: BigInt(position), subject, version, recordedAt: 1_000 + at, amount };
    if (kind === 'letter' || (kind === 'part' && join === undefined) || subject === other)
      return { ...event, kind: 'letter' };
    if (join !== undefined) return { ...event, kind: 'part', other, undoes: join.position };
    joins.push({ position, pair: [subject, other] });
    return { ...event, kind: 'join', other };
  });
}

/** What the rows come to when every event is folded by itself, one after the other, with nothing between. */
export function foldPlainly(events: readonly HouseholdEvent[]): PlainRows {
  const model = households();
  const rows = new PlainRows(tablesOf(model as never));
  for (const event of events)
    for (const projection of [model.routing, ...model.projections]) projection.fold(event, rows);
  return rows;
}

export interface ExpectedParking {
  /** Data subjects that wait, with the positions of what waits. */
  readonly waiting: ReadonlyMap<string, readonly number[]>;
  /** Rows of everybody else. */
  readonly rows: PlainRows;
}

/** Who must be parked, and what must be in the rows, when the projections, or even the routing, fail on some events. */
export function parkPlainly(
  events: readonly HouseholdEvent[],
  failing: ReadonlySet<number>,
  unroutable: ReadonlySet<number> = new Set(),
): ExpectedParking {
  const model = households();
  const rows = new PlainRows(DATA_TABLES as never);
  const waiting = new Map<string, number[]>();
  for (const event of events) {
    const position = Number(event.position);
    const isRouted = !unroutable.has(position);
    if (isRouted) model.routing.fold(event, rows);
    const household = model.routing.customerOf(event.subject, rows);
    const isHeld = [...waiting.keys()].some((one) => model.routing.customerOf(one, rows) === household);
    if (isHeld || !isRouted || failing.has(position))
      waiting.set(event.subject, [...(waiting.get(event.subject) ?? []), position]);
    else for (const projection of model.projections) projection.fold(event, rows);
  }
  return { waiting, rows };
}
