import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandError } from '../commands/command-error.ts';

const READ_BYTES = 256 * 1024;

/** A file being read, unpacked when its name ends in `.gz`. */
export interface InputFile {
  readonly path: string;
  /** Size on disk; with `bytesRead` it tells how far the reading is. */
  readonly sizeBytes: number;
  bytesRead(): number;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Throws `CommandError` (`failed`) when the file cannot be opened. */
export async function openInputFile(path: string): Promise<InputFile> {
  const { size, isFile } = await stat(path).then(
    (found) => ({ size: found.size, isFile: found.isFile() }),
    (error: Error) => {
      throw new CommandError('failed', `Cannot read ${path}: ${error.message}`);
    },
  );
  if (!isFile) throw new CommandError('failed', `Cannot read ${path}: it is not a file`);
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  // With a callback, the pipeline destroys both streams on either's error; the reader of the last one sees it.
  const chunks = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
  return { path, sizeBytes: size, bytesRead: () => file.bytesRead, chunks };
}

/** What the name says of the content: `orders.csv.gz` is CSV. */
export function formatOf(path: string): 'csv' | 'tsv' | 'ndjson' | undefined {
  const extension = /\.(\w+)(?:\.gz)?$/.exec(path.toLowerCase())?.[1];
  if (extension === 'csv' || extension === 'tsv') return extension;
  return extension === 'ndjson' || extension === 'jsonl' ? 'ndjson' : undefined;
}
