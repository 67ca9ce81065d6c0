import { openBacking } from '@touchline/backing';
import { timelineReadModel } from '@touchline/timeline';
import { say } from '../measure/child.ts';
import { foldLog, readLog } from '../measure/installation.ts';
import { memoryOf } from '../measure/memory.ts';
import { RowByRow } from './row-by-row.ts';

/**
 * Works through the log of a folder in a process of its own: `read` opens every event, `fold` builds the read model in
 * the read store named, `row-by-row` does so for the first events only, as told.
 */
const [what = 'read', folder = '', readStore = 'sqlite:', events = '0', schema = ''] = process.argv.slice(2);

const seconds =
  what === 'read'
    ? await readLog(folder)
    : what === 'fold'
      ? await foldLog(folder, readStore)
      : await rowByRow(Number(events));
say({ seconds, peak: memoryOf(process.pid).peak });

async function rowByRow(count: number): Promise<number> {
  const backing = await openBacking({ dataFolder: folder, readStore });
  const readModel = timelineReadModel(backing.catalogue);
  const generation = await backing.readStore.openLive(readModel as never);
  await generation.finishLoading();
  const projection = await RowByRow.open(
    readStore,
    `${schema}_${readModel.name}_${generation.number}`,
    readModel,
  );
  const started = performance.now();
  let after = 0n;
  for (let done = 0; done < count; ) {
    const page = await backing.journal.read({ after, limit: Math.min(500, count - done) });
    await projection.project(page);
    after = page.at(-1)?.position ?? after;
    done += page.length;
    if (page.length === 0) break;
  }
  const taken = (performance.now() - started) / 1000;
  await projection.close();
  await backing.close();
  return taken;
}
