import { parentPort, workerData } from 'node:worker_threads';
import { openReader } from '../connection.ts';

/** Reads a file without a moment's pause: each snapshot is let go only after the next was taken. */
const READ_MS = 5;
const readers = [openReader(workerData), openReader(workerData)];
const pause = new Int32Array(new SharedArrayBuffer(4));

for (const [turn, reader] of readers.entries()) reader.exec(turn === 0 ? 'BEGIN' : 'SELECT 1');
readers[0]?.prepare('SELECT count(*) FROM t').get();
parentPort?.postMessage('reading');

for (let turn = 1; ; turn++) {
  const next = readers[turn % 2];
  next?.exec('BEGIN');
  next?.prepare('SELECT count(*) FROM t').get();
  Atomics.wait(pause, 0, 0, READ_MS);
  readers[(turn + 1) % 2]?.exec('COMMIT');
}
