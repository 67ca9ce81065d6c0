import { parentPort, workerData } from 'node:worker_threads';
import { Checkpoints } from './checkpoints.ts';
import { openForWriting } from './connection.ts';
import { LogWriter } from './log-writer.ts';
import { toEventStoreError } from './sqlite-errors.ts';
import type { WriterOptions, WriterReply, WriterRequest } from './writer-protocol.ts';

/** The writer thread: one connection, one group of appends after the other, an answer to each in the same order. */
const { file, limits }: WriterOptions = workerData;
const port = parentPort;
if (!port) throw new Error('the writer runs in a worker thread');

try {
  const db = openForWriting(file);
  const log = new LogWriter(db, limits);
  const checkpoints = new Checkpoints(db, limits, (error) => reply(failure('checkpoint-failed', error)));
  port.on('message', (request: WriterRequest) => {
    if (request.kind === 'close') {
      checkpoints.stop();
      db.close();
      port.close();
      return;
    }
    reply(commit(log, request));
    checkpoints.afterCommit();
    log.giveWay();
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply(failure('failed', error));
}

function commit(log: LogWriter, request: WriterRequest & { kind: 'commit' }): WriterReply {
  try {
    return { kind: 'committed', group: log.commit(request.group) };
  } catch (error) {
    return failure('failed', error);
  } finally {
    // Memory outside the heap is collected late.
    request.group.data.buffer.transfer(0);
  }
}

function failure(kind: 'failed' | 'checkpoint-failed', error: unknown): WriterReply {
  const { code, message } = toEventStoreError(error);
  return { kind, code, message };
}

function reply(message: WriterReply): void {
  port?.postMessage(message);
}
