/** A point on a timeline: when it happened, and the event id for what happened in the same millisecond. */
export interface Moment {
  readonly happenedAt: number;
  readonly eventid: string;
}

/** Plain code-unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isEarlier(a: Moment, b: Moment): boolean {
  return a.happenedAt === b.happenedAt ? a.eventid < b.eventid : a.happenedAt < b.happenedAt;
}

/** How old a set of identifiers is: its oldest data subject, or its smallest identifier where it has none. */
export interface Age {
  /** The subject id that names the set. */
  readonly customer: string;
  /** Earliest touchpoint of that data subject; null where no identifier of the set has touchpoints of its own. */
  readonly firstAt: number | null;
}

/** Whether `a` names the customer when both are one. */
export function isOlder(a: Age, b: Age): boolean {
  if (a.firstAt === b.firstAt) return a.customer < b.customer;
  if (a.firstAt === null) return false;
  return b.firstAt === null || a.firstAt < b.firstAt;
}

/** One text for a set of identifiers, whatever their order. Expects them distinct. */
export function membersKey(subjects: readonly string[]): string {
  const [a, b] = subjects;
  if (subjects.length === 2 && a !== undefined && b !== undefined) return a < b ? `${a} ${b}` : `${b} ${a}`;
  return [...subjects].sort(compareText).join(' ');
}

export function membersOf(key: string): readonly string[] {
  return key.split(' ');
}
