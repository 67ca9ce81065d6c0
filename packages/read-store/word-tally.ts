/** 2^31 - 1: squares of what is left of a division by it fit into the integers of every database. */
const PRIME = 2_147_483_647;

/**
 * SQL for what integer keys add up to: how many there are, and the sums of their remainders, of the squares of these, and of
 * their quotients, by a prime. The same on every database, in any order, at a price that does not grow with what is told:
 * millions of places of common words would take minutes to be put in order and hashed one by one. Sets of as many keys
 * have the same tally only when they differ in three keys or more, and then by a chance of one in billions.
 */
export function tallyOf(key: string): string {
  const rest = `(${key} % ${PRIME})`;
  return `count(*) || ' ' || sum(${rest}) || ' ' || sum(${rest} * ${rest} % ${PRIME}) || ' ' || sum(${key} / ${PRIME})`;
}
