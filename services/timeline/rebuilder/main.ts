import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openBacking } from '@touchline/backing';
import { doJobs, Rebuild } from '@touchline/read-store';
import { failureWords } from '../projector/failure-words.ts';
import { FOLDING_LIMITS } from '../projector/folding-limits.ts';
import { timelineReadModel } from '../read-model.ts';
import type { RebuilderMessage, RebuilderSetup } from './messages.ts';
import { letOthersGoFirst } from './thread-priority.ts';

/** Builds generations of the read model "timeline" beside the live one. Ends by itself when nothing is left to do. */
const IDLE_MS = 5_000;

const port = parentPort;
if (port === null) throw new Error('the rebuilder runs as a worker thread');

const tell = (message: RebuilderMessage): void => port.postMessage(message);
letOthersGoFirst();
const { keep, ...setup } = workerData as RebuilderSetup;
const backing = await openBacking({ ...setup, appends: 'rarely' });
const { readStore, journal } = backing;
const readModel = timelineReadModel(backing.catalogue, journal);
const ending = new AbortController();
let working = 0;
let idleSince = performance.now();

port.on('message', () => ending.abort());

const onFailure = (failure: unknown, retryMs: number): void =>
  tell({ kind: 'failure', ...failureWords(failure), retryMs });
const rebuild = { readModel, readStore, source: journal, limits: FOLDING_LIMITS, keep, onFailure };
const jobs = doJobs(
  {
    readModel: readModel.name,
    board: readStore.jobs,
    work: {
      async rebuild(hold) {
        working++;
        tell({ kind: 'job', job: hold.job.id, state: hold.state });
        await new Rebuild(hold, rebuild).run().finally(() => working--);
        tell({ kind: 'job', job: hold.job.id, state: hold.state });
        idleSince = performance.now();
      },
    },
    onFailure,
  },
  ending.signal,
);
while (!ending.signal.aborted) {
  await delay(IDLE_MS / 5, undefined, { signal: ending.signal }).catch(() => {});
  if (working === 0 && performance.now() - idleSince > IDLE_MS) ending.abort();
}
await jobs;
await backing.close();
port.close();
