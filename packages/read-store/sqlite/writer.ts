import { parentPort, workerData } from 'node:worker_threads';
import { ReadStoreError } from '../errors.ts';
import { asReadStoreError } from './failures.ts';
import { GenerationFile } from './generation-file.ts';
import type { WriterReply, WriterRequest, WriterSetup } from './writer-protocol.ts';

/** The thread that writes one generation's file, so that folding goes on while a step is written. */
const setup = workerData as WriterSetup;
const port = parentPort;
if (port === null) throw new Error('the read model writer runs as a worker thread');

let file: GenerationFile | undefined;

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
    return {
      id: request.id,
      ok: false,
      code,
      message: failure instanceof Error ? failure.message : String(failure),
    };
  }
}

function handle(request: WriterRequest): unknown {
  if (request.kind === 'close') return file?.close();
  // Opened by the first request that needs it: where that fails, the next one tries again.
  file ??= new GenerationFile(setup);
  if (request.kind === 'commit') return file.commit(request, request.changes);
  if (request.kind === 'finish-loading') return file.finishLoading();
  return undefined;
}
