/**
 * Numbers that come although the one before them has not just come. Repeats are no leaps: a repeat goes back, and then
 * everything from there comes again in order.
 */
export function leapsIn(values: readonly string[]): readonly number[] {
  let earlier = -1;
  const leaps: number[] = [];
  for (const value of values.map(Number)) {
    if (value > earlier + 1) leaps.push(value);
    earlier = value;
  }
  return leaps;
}
