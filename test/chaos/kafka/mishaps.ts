import { until } from '../../support/until.ts';

export interface Mishap {
  readonly name: string;
  happen(): Promise<void>;
}

/** How far apart mishaps may lie, in shares of the whole. */
const FIRST_SHARE = 0.05;
const LAST_SHARE = 0.9;

/** Lets one mishap after the other happen, each when so much is done as the random numbers chose. */
export async function letHappen(
  mishaps: readonly Mishap[],
  { random, share, withinMs }: { random: () => number; share: () => number; withinMs: number },
): Promise<void> {
  const step = (LAST_SHARE - FIRST_SHARE) / mishaps.length;
  for (const [index, { name, happen }] of mishaps.entries()) {
    const at = FIRST_SHARE + step * (index + random());
    await until(() => share() >= at, `${Math.round(at * 100)} % is through, for "${name}"`, withinMs);
    const start = performance.now();
    await happen();
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    process.stderr.write(`  at ${Math.round(at * 100)} %: ${name}, ${seconds} s\n`);
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
