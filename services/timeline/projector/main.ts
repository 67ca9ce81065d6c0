import { parentPort, workerData } from 'node:worker_threads';
import { openBacking } from '@touchline/backing';
import { doJobs, type JobWorkerOptions, LiveProjector, whileLeading } from '@touchline/read-store';
import { timelineReadModel } from '../read-model.ts';
import { failureWords } from './failure-words.ts';
import { FOLDING_LIMITS } from './folding-limits.ts';
import type { ProjectorCommand, ProjectorMessage, ProjectorSetup } from './messages.ts';

/** Folds the log into the read model "timeline", in a thread of its own so that folding never delays an answer. */
const port = parentPort;
if (port === null) throw new Error('the projector runs as a worker thread');

const tell = (message: ProjectorMessage): void => port.postMessage(message);
const onFailure = (failure: unknown, retryMs: number): void =>
  tell({ kind: 'failure', ...failureWords(failure), retryMs });
const backing = await openBacking({ ...(workerData as ProjectorSetup), appends: 'rarely' });
const { readStore } = backing;
const readModel = timelineReadModel(backing.catalogue, backing.journal);
const closing = new AbortController();

port.on('message', (command: ProjectorCommand) => {
  if (command === 'close') closing.abort();
});

const projector = new LiveProjector({
  readModel,
  readStore,
  source: backing.journal,
  limits: FOLDING_LIMITS,
  onStep: (progress) => tell({ kind: 'step', ...progress }),
  onGeneration: (number) => tell({ kind: 'generation', number }),
  onFailure,
});
const jobs: JobWorkerOptions = {
  readModel: readModel.name,
  board: readStore.jobs,
  work: { retry: (hold) => projector.doRetry(hold), repair: (hold) => projector.doRepair(hold) },
  onFailure,
};
// Of several processes on one database one folds, and does what only who folds can do; another takes over when it is gone.
await whileLeading(
  readStore,
  readModel.name,
  async (leading) => {
    await Promise.all([projector.run(leading), doJobs(jobs, leading)]);
  },
  { signal: closing.signal, onFailure },
);
await backing.close();
port.close();
