import type { Flaw } from './flaw.ts';

const NEWLINE = 10;
const MAX_LINE_BYTES = 1024 * 1024;

/** One line of an NDJSON file, as it stands in the file. */
export interface JsonLine {
  readonly number: number;
  readonly text: Buffer;
}

/** Splits at line ends; blank lines are left out, overlong ones become flaws and are never held whole. */
export async function* readJsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonLine | Flaw> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 0;
  const finish = (tail: Buffer): JsonLine | Flaw | undefined => {
    number += 1;
    const bytes = heldBytes + tail.length;
    const text = heldBytes === 0 ? tail : Buffer.concat([...held, tail]);
    held = [];
    heldBytes = 0;
    if (bytes > MAX_LINE_BYTES)
      return { lines: [number], reasons: [`is longer than ${MAX_LINE_BYTES} bytes`] };
    return isBlank(text) ? undefined : { number, text };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = finish(chunk.subarray(from, end));
      if (line !== undefined) yield line;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    heldBytes += rest.length;
    if (heldBytes <= MAX_LINE_BYTES) held.push(rest);
    else held = [];
  }
  const last = heldBytes > 0 ? finish(Buffer.alloc(0)) : undefined;
  if (last !== undefined) yield last;
}

function isBlank(text: Buffer): boolean {
  return text.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
