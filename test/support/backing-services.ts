/** A component that tests need, and how it can be had. */
export interface BackingService<Service> {
  /** What `TOUCHLINE_TEST_REQUIRE` calls it. */
  readonly name: string;
  readonly title: string;
  /** Tried one after the other. Each throws the reason where it does not lead there. */
  readonly ways: readonly (() => Promise<Service>)[];
}

export interface Missing {
  readonly missing: string;
}

/** The first that can be had. Answers the reasons where there is none, and throws them when a run requires it. */
export async function openBackingService<Service>({
  name,
  title,
  ways,
}: BackingService<Service>): Promise<Service | Missing> {
  const reasons: string[] = [];
  for (const open of ways) {
    try {
      return await open();
    } catch (failure) {
      reasons.push(failure instanceof Error ? failure.message : String(failure));
    }
  }
  const missing = `no ${title} can be had here: ${reasons.join('; ')}`;
  if (isRequired(name)) throw new Error(missing);
  process.stderr.write(`${missing}\n`);
  return { missing };
}

/** Whether a run must find the component instead of skipping what needs it. */
export function isRequired(name: string): boolean {
  return (process.env.TOUCHLINE_TEST_REQUIRE ?? '').split(',').includes(name);
}

/** The value of an environment variable, for a way that leads through it. */
export function givenBy(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
}
