/** One thing that is measured: answers a figure for one round. */
export interface Contender {
  readonly name: string;
  /** Higher is better where the unit is a rate. */
  run(round: number): Promise<number>;
}

export interface Standing {
  readonly name: string;
  readonly median: number;
  readonly rounds: readonly number[];
}

/**
 * Runs all contenders once per round, in turn, so that whatever else the machine does falls on each alike. One round before
 * the first is not counted.
 */
export async function compete(
  contenders: readonly Contender[],
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Standing[]> {
  const figures = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      const figure = await contender.run(round);
      if (round > 0) figures[at]?.push(figure);
      tell(`  round ${round}${round === 0 ? ' (warm-up)' : ''} ${contender.name}: ${Math.round(figure)}`);
    }
  }
  return contenders.map(({ name }, at) => ({
    name,
    median: median(figures[at] ?? []),
    rounds: figures[at] ?? [],
  }));
}

export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** Nearest rank. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}
