import type { HouseholdEvent } from './households.ts';

/** Letters of some people in turn, with a join of neighbours now and then; the same at every call. */
export function letters(count: number, { people = 5, from = 1 } = {}): HouseholdEvent[] {
  return Array.from({ length: count }, (_, at) => letterAt(from + at, people));
}

/** The event at a position; usable by processes that share no memory. */
export function letterAt(position: number, people: number): HouseholdEvent {
  const who = (position - 1) % people;
  const event = {
    position: BigInt(position),
    subject: `s${who}`,
    version: Math.floor((position - 1) / people),
    recordedAt: 1_000 + position,
    amount: (position * 7) % 23,
  };
  if (position % 97 !== 0) return { ...event, kind: 'letter' };
  return { ...event, kind: 'join', other: `s${(who + 1) % people}` };
}
