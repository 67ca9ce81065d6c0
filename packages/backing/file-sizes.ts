import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

/** Room that a part of an installation takes on disk. */
export interface FileSize {
  readonly part: 'log' | 'keys' | 'read-models';
  readonly bytes: number;
  /** Of these, in write-ahead logs: what is not yet copied into the database files. */
  readonly walBytes: number;
}

/** What lies in other databases is not counted. */
export async function fileSizes({ log, keys, readModels }: DataFolder): Promise<readonly FileSize[]> {
  return [
    ...(log === undefined ? [] : [await sizeOf('log', await beside(log))]),
    ...(keys === undefined ? [] : [await sizeOf('keys', await beside(keys))]),
    ...(readModels === undefined ? [] : [await sizeOf('read-models', await filesIn(readModels))]),
  ];
}

/** A database and what SQLite keeps beside it. */
async function beside(file: string): Promise<readonly string[]> {
  const files = await filesIn(dirname(file));
  return files.filter((path) => basename(path).startsWith(basename(file)));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sizeOf(part: FileSize['part'], files: readonly string[]): Promise<FileSize> {
  let [bytes, walBytes] = [0, 0];
  for (const file of files) {
    // Files come and go meanwhile: checkpoints, generations that are dropped.
    const size = (await stat(file).catch(() => undefined))?.size ?? 0;
    bytes += size;
    if (file.endsWith('-wal')) walBytes += size;
  }
  return { part, bytes, walBytes };
}
