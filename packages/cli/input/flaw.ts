/** A line, or several that belong together, that cannot become a touchpoint. */
export interface Flaw {
  /** Numbers of the physical lines, from 1. */
  readonly lines: readonly number[];
  readonly reasons: readonly string[];
  /** What was there, as far as it could be read. */
  readonly content?: unknown;
}

export function isFlaw(value: object): value is Flaw {
  return 'reasons' in value;
}
