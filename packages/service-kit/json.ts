import { isUtf8 } from 'node:buffer';

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: 'invalid-utf8' | 'invalid-json'; readonly detail: string };

/** Parses bytes strictly: UTF-8 without replacement characters, one JSON value. Details never repeat the input. */
export function readJson(bytes: Buffer): ReadJson {
  if (!isUtf8(bytes))
    return refuse('invalid-utf8', `The text is not UTF-8 at byte ${firstInvalidByte(bytes)}.`);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.toString('utf8', start);
  if (text.length === 0) return refuse('invalid-json', 'The text is empty.');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return refuse('invalid-json', whereItEnds(error, text));
  }
}

function refuse(code: 'invalid-utf8' | 'invalid-json', detail: string): ReadJson {
  return { ok: false, code, detail };
}

/** Decoding puts U+FFFD where bytes are wrong: the first that was not in the input as such is the place. */
function firstInvalidByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
  }
  return bytes.length;
}

/** V8 quotes the input in its message; only the position is taken from it. */
function whereItEnds(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  const at = message.startsWith('Unexpected end') ? text.length : Number(position);
  if (at >= text.length) return 'The text ends before its value is complete.';
  return position === undefined ? 'The text is not JSON.' : `The text is not JSON at character ${position}.`;
}
