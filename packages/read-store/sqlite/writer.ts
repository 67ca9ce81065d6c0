import { parentPort, workerData } from 'node:worker_threads';
import { ReadStoreError } from '../errors.ts';
import { asReadStoreError } from './connection.ts';
import { GenerationFile } from './generation-file.ts';
import type { WriterReply, WriterRequest, WriterSetup } from './writer-protocol.ts';

/** The thread that writes one generation's file, so that folding goes on while a step is written. */
const setup = workerData as WriterSetup;
const port = parentPort;
if (port === null) throw new Error('the read model writer runs as a worker thread');

const file = new GenerationFile(setup.file, setup.tables);

port.on('message', (request: WriterRequest) => {
  port.postMessage(answer(request));
  if (request.kind === 'close') port.close();
});

function answer(request: WriterRequest): WriterReply {
  try {
    return { id: request.id, ok: true, value: handle(request) };
  } catch (cause) {
    const failure = asReadStoreError(cause);
    const code = failure instanceof ReadStoreError ? failure.code : 'read-store-unavailable';
    return { id: request.id, ok: false, code, message: (failure as Error).message };
  }
}

function handle(request: WriterRequest): unknown {
  switch (request.kind) {
    case 'open':
      return;
    case 'commit':
      return file.commit(request.from, request.to, request.changes);
    case 'finish-loading':
      return file.finishLoading();
    case 'close':
      return file.close();
  }
}
