import { parentPort } from 'node:worker_threads';
import type { WriterRequest } from '../writer-protocol.ts';

/** Stands in for a writer thread that crashes while it writes. */
let calls = 0;
parentPort?.on('message', (request: WriterRequest) => {
  if (!('id' in request)) return;
  if (request.kind === 'end') throw new Error('crashed');
  calls++;
  parentPort?.postMessage({ id: request.id, ok: true, value: calls === 1 ? 'first call' : 'later call' });
  if (request.kind === 'close') parentPort?.close();
});
