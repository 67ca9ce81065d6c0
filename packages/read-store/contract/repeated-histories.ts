import fc from 'fast-check';
import { type HistoryOptions, histories } from './household-histories.ts';
import { eventIdOf, type HouseholdEvent } from './households.ts';

export interface RepeatedHistory {
  /** A log in which some events stand again: in their stream or another one, with the same content or other. */
  readonly events: readonly HouseholdEvent[];
  /** The same without what repeats an earlier id. Everything else is as it is, positions and versions too. */
  readonly firsts: readonly HouseholdEvent[];
}

interface Repeat {
  /** Which event it repeats, and how much later. */
  readonly of: number;
  readonly later: number;
  readonly isElsewhere: boolean;
  readonly amount: number;
}

const repeat: fc.Arbitrary<Repeat> = fc.record({
  of: fc.nat(),
  later: fc.nat(30),
  isElsewhere: fc.boolean(),
  amount: fc.nat(20),
});

export function repeatedHistories(options?: HistoryOptions): fc.Arbitrary<RepeatedHistory> {
  return fc.tuple(histories(options), fc.array(repeat, { maxLength: 12 })).map(withRepeats);
}

function withRepeats([history, repeats]: [readonly HouseholdEvent[], readonly Repeat[]]): RepeatedHistory {
  const events: HouseholdEvent[] = history.map((event) => ({ ...event, eventid: eventIdOf(event) }));
  for (const { of, later, isElsewhere, amount } of repeats) {
    const at = of % (events.length || 1);
    const first = events[at];
    if (first === undefined) continue;
    const subject = isElsewhere ? `s${amount % 7}` : first.subject;
    events.splice(at + 1 + (later % (events.length - at)), 0, { ...first, subject, amount });
  }
  const log = inOrder(events);
  const seen = new Set<string>();
  const firsts = log.filter((event) => !seen.has(eventIdOf(event)) && seen.add(eventIdOf(event)));
  return { events: log, firsts };
}

/** Gives each its place: what a parting undoes is named by position, so it moves along. */
function inOrder(events: readonly HouseholdEvent[]): HouseholdEvent[] {
  const versions = new Map<string, number>();
  const places = new Map<bigint, number>();
  return events.map((event, at) => {
    const position = (at + 1) * 3;
    if (!places.has(event.position)) places.set(event.position, position);
    const version = versions.get(event.subject) ?? 0;
    versions.set(event.subject, version + 1);
    const undoes = event.undoes === undefined ? {} : { undoes: places.get(BigInt(event.undoes)) ?? 0 };
    return { ...event, ...undoes, position: BigInt(position), version, recordedAt: 1_000 + at };
  });
}
