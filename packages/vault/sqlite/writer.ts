import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './key-database.ts';
import { createKeyWriter } from './key-writer.ts';
import { vaultErrorOf } from './sqlite-failure.ts';
import type { WriteAnswer, WriteOrder, WriterSettings } from './writer-messages.ts';

/** Runs in a thread of its own: a durable commit takes milliseconds that the event loop has no time for. */
const port = parentPort;
if (!port) throw new Error('The key writer runs as a worker thread.');

const { file, masterKey }: WriterSettings = workerData;
const database = connect(file);
const writer = createKeyWriter(database, masterKey);

port.on('message', (order: WriteOrder) => {
  if (order.task === 'close') {
    database.close();
    port.close();
    return;
  }
  port.postMessage(carryOut(order));
});

function carryOut(order: Exclude<WriteOrder, { task: 'close' }>): WriteAnswer {
  try {
    if (order.task === 'shred') return { count: writer.shred(order.subject) };
    writer.create(order.subjects);
    return { count: order.subjects.length };
  } catch (error) {
    const { code, message } = vaultErrorOf(error);
    return { failure: { code, message, cause: error instanceof Error ? error.message : String(error) } };
  }
}
