/** 2^31 - 1: squares of what is left of a division by it fit into the integers of every database. */
const PRIME = 2_147_483_647;

/**
 * SQL for what integer keys add up to: how many there are, and the sums of their remainders, of the squares of these, and of
 * their quotients, by a prime. The same on every database, in any order: putting each place of each word in order
 * and hashing it took longer than folding. Keys below the prime that are as many have the same tally only where three of them
 * or more differ, by chance.
 */
export function tallyOf(key: string): string {
  const rest = `(${key} % ${PRIME})`;
  return `count(*) || ' ' || sum(${rest}) || ' ' || sum(${rest} * ${rest} % ${PRIME}) || ' ' || sum(${key} / ${PRIME})`;
}
