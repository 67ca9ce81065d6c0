import { parentPort, workerData } from 'node:worker_threads';
import { CheckpointsError } from '../checkpoints/index.ts';
import { toCheckpointsError } from './sqlite-errors.ts';
import { Store } from './store.ts';
import type { Answer, Order } from './store-messages.ts';

/** Runs in a thread of its own: a durable commit takes milliseconds that the event loop has no time for. */
const port = parentPort;
if (!port) throw new Error('The checkpoint store runs as a worker thread.');

const { file }: { file: string } = workerData;
let store: Store | undefined;
port.postMessage(
  answerOf(() => {
    store = new Store(file);
    return undefined;
  }),
);

port.on('message', (order: Order) => {
  if (order.task === 'close') {
    store?.close();
    port.close();
    return;
  }
  port.postMessage(
    answerOf(() => {
      store ??= new Store(file);
      return store.carryOut(order);
    }),
  );
});

function answerOf(work: () => string | boolean | undefined): Answer {
  try {
    return { result: work() };
  } catch (cause) {
    const failure = toCheckpointsError(cause, file);
    const message = failure instanceof Error ? failure.message : String(failure);
    return { failure: { code: failure instanceof CheckpointsError ? failure.code : undefined, message } };
  }
}
