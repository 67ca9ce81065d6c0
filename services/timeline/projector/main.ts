import { parentPort, workerData } from 'node:worker_threads';
import { openBacking } from '@touchline/backing';
import { Projector } from '@touchline/read-store';
import { timelineReadModel } from '../read-model.ts';
import { failureWords } from './failure-words.ts';
import type { ProjectorCommand, ProjectorMessage, ProjectorSetup } from './messages.ts';

/** Folds the log into the read model "timeline", in a thread of its own so that folding never delays an answer. */
const port = parentPort;
if (port === null) throw new Error('the projector runs as a worker thread');

const tell = (message: ProjectorMessage): void => port.postMessage(message);
const backing = await openBacking({ ...(workerData as ProjectorSetup), appends: 'rarely' });
const readModel = timelineReadModel(backing.catalogue);
const closing = new AbortController();

port.on('message', (command: ProjectorCommand) => {
  if (command === 'close') closing.abort();
});

const projector = new Projector({
  readModel,
  generation: await backing.readStore.openLive(readModel),
  source: backing.journal,
  limits: { maxBatchEvents: 1_000, maxStepEvents: 4_000, maxCachedRows: 50_000 },
  onStep: (progress) => tell({ kind: 'step', ...progress }),
  onFailure: (failure, retryMs) => tell({ kind: 'failure', ...failureWords(failure), retryMs }),
});
await projector.run(closing.signal);
await backing.close();
port.close();
