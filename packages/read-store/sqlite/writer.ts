import { parentPort, workerData } from 'node:worker_threads';
import { ReadStoreError } from '../errors.ts';
import { asReadStoreError } from './failures.ts';
import { GenerationFile } from './generation-file.ts';
import type {
  WriterCall,
  WriterMessage,
  WriterReply,
  WriterRequest,
  WriterSetup,
} from './writer-protocol.ts';

/** The thread that writes one generation's file, so that folding goes on while a step is written. */
const setup = workerData as WriterSetup;
const port = parentPort;
if (port === null) throw new Error('the read model writer runs as a worker thread');

let file: GenerationFile | undefined;

port.on('message', (request: WriterRequest) => {
  if (!('id' in request)) {
    take(request);
    return;
  }
  port.postMessage(answer(request, request.id));
  if (request.kind === 'close') port.close();
});

/** Fails only by its step's end: a step that could not begin is lost there, or told why. */
function take(message: WriterMessage): void {
  try {
    if (message.kind === 'begin') opened().begin(message.start);
    else if (message.kind === 'part') file?.write(message.part);
    else file?.abandon();
  } catch {
    file = undefined;
  }
}

function opened(): GenerationFile {
  file ??= new GenerationFile(setup);
  return file;
}

function answer(call: WriterCall, id: number): WriterReply {
  try {
    return { id, ok: true, value: handle(call) };
  } catch (cause) {
    const failure = asReadStoreError(cause);
    const code = failure instanceof ReadStoreError ? failure.code : 'read-store-unavailable';
    return { id, ok: false, code, message: failure instanceof Error ? failure.message : String(failure) };
  }
}

function handle(call: WriterCall): unknown {
  switch (call.kind) {
    case 'open':
      opened();
      return undefined;
    case 'end':
      return opened().end(call.to);
    case 'finish-loading':
      return opened().finishLoading();
    case 'close':
      return file?.close();
  }
}
