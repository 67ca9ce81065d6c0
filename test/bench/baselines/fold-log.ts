import { openBacking } from '@touchline/backing';
import { say } from '../measure/child.ts';
import { foldLog } from '../measure/installation.ts';

/** Works through the log of a folder in a process of its own: `read` opens every event, `fold` builds the read model. */
const [what = 'read', folder = ''] = process.argv.slice(2);
const PAGE_EVENTS = 2_000;

say({ seconds: what === 'fold' ? await foldLog(folder) : await readLog(folder) });

async function readLog(dataFolder: string): Promise<number> {
  const backing = await openBacking({ dataFolder });
  const started = performance.now();
  let after = 0n;
  for (;;) {
    const page = await backing.journal.read({ after, limit: PAGE_EVENTS });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.position;
  }
  const seconds = (performance.now() - started) / 1000;
  await backing.close();
  return seconds;
}
