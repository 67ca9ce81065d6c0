/** How often, and what. */
export type Weighted<T> = readonly [weight: number, choice: T];

export function choose<T>(choices: readonly Weighted<T>[], random: () => number): T {
  let rest = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    rest -= weight;
    if (rest < 0) return choice;
  }
  throw new Error('nothing to choose from');
}
