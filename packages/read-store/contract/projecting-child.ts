import type { ReadStore } from '../index.ts';
import { EventList } from './event-list.ts';
import { households } from './households.ts';
import { letters } from './letters.ts';
import { projectAll } from './projecting.ts';

/** Run as a process: folds the letters into the database at `place` and tells of each step. */
const [module = '', place = '', events = '0', stepEvents = '0'] = process.argv.slice(2);
const { connect } = (await import(module)) as { connect(place: string): Promise<ReadStore> };

process.stdout.write('0\n');
for await (const _ of process.stdin) {
  // Nothing is said: the end of the input is the signal to begin.
}
const store = await connect(place);
const readModel = households();
const limits = {
  maxBatchEvents: Number(stepEvents),
  maxStepEvents: Number(stepEvents),
  firstRetryMs: 1,
  maxRetryMs: 20,
};
await projectAll({
  readModel,
  generation: await store.openLive(readModel as never),
  source: new EventList(letters(Number(events))),
  limits,
  onStep: ({ position }) => process.stdout.write(`${position}\n`),
});
await store.close();
