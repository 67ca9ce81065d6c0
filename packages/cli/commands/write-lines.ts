import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError, isErrorCode } from './command-error.ts';

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes lines to a file, or to the standard output for `-`, as fast as it takes them. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const target = path === '-' ? process.stdout : createWriteStream(path);
  try {
    await pipeline(Readable.from(chunksOf(lines)), target, { end: path !== '-' });
  } catch (error) {
    // Whoever reads has seen enough: `touchline sample --out - | head`.
    if (path === '-' && isErrorCode(error, 'EPIPE')) return;
    throw new CommandError(
      'failed',
      `Cannot write ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
