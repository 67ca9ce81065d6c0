import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Something that can be started alone: a folder of `services/` with a `main.ts`. */
export interface StartableService {
  readonly name: string;
  /** One line, from its package.json. */
  readonly description: string;
}

const SERVICES = new URL('../../services/', import.meta.url);
/** Two slips of the finger; what is further off is another word. */
const MAX_SLIPS = 2;

/** Every service of this checkout or image, by name. */
export async function findServices(): Promise<readonly StartableService[]> {
  const names = (await readdir(SERVICES)).filter((name) => existsSync(mainOf(name))).sort();
  return Promise.all(names.map(async (name) => ({ name, description: await describe(name) })));
}

export function mainOf(name: string): URL {
  return new URL(`${encodeURIComponent(name)}/main.ts`, SERVICES);
}

/** The service whose name was probably meant. */
export function nearestService(given: string, services: readonly StartableService[]): string | undefined {
  const wanted = given.toLowerCase();
  const [nearest] = services
    .map(({ name }) => ({ name, slips: name.startsWith(wanted) ? 0 : slipsBetween(wanted, name) }))
    .sort((a, b) => a.slips - b.slips);
  return nearest !== undefined && nearest.slips <= MAX_SLIPS ? nearest.name : undefined;
}

async function describe(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL(`${name}/package.json`, SERVICES), 'utf8')) as {
    description?: string;
  };
  return manifest.description ?? '';
}

/** Levenshtein's distance: letters to add, drop or change. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
