import type { TouchlineProcess } from './touchline-process.ts';

const CHUNK_BYTES = 65_536;

export interface Summary {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly position: string | null;
  readonly rejections: readonly {
    readonly index: number;
    readonly source?: string;
    readonly id?: string;
    readonly code: string;
    readonly detail: string;
    readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
  }[];
}

/** Sends lines as NDJSON while they are made: nothing of the whole is ever in memory. */
export function upload(process: TouchlineProcess, lines: Iterable<string | Buffer>): Promise<Response> {
  return process.fetch('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ReadableStream.from(chunksOf(lines)),
    duplex: 'half',
  } as RequestInit);
}

/** Lines, each with its end, in pieces of about 64 KiB. */
export function* chunksOf(lines: Iterable<string | Buffer>): Generator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for (const line of lines) {
    const piece = Buffer.from(line);
    pieces.push(piece, NEWLINE);
    bytes += piece.length + 1;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  yield Buffer.concat(pieces);
}

const NEWLINE = Buffer.from('\n');
