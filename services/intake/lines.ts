const NEWLINE = 0x0a;

export interface Line {
  /** From 0. */
  readonly index: number;
  /** Without its end; `undefined` when it was longer than allowed. */
  readonly bytes: Buffer | undefined;
}

/**
 * Cuts a stream of bytes into lines. Keeps at most one line in memory: one that grows too long is thrown away while
 * it arrives. Blank lines are left out, but counted.
 */
export class LineCutter {
  readonly #maxLineBytes: number;
  #pieces: Buffer[] = [];
  #pendingBytes = 0;
  #isTooLong = false;
  #index = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end in this piece. */
  *cut(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#finish(chunk.subarray(start, end));
      if (line !== undefined) yield line;
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** The last line, when it did not end. */
  rest(): Line | undefined {
    return this.#finish(Buffer.alloc(0));
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0 || this.#isTooLong) return;
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      this.#isTooLong = true;
      this.#pieces = [];
    } else this.#pieces.push(piece);
  }

  #finish(piece: Buffer): Line | undefined {
    const index = this.#index;
    this.#index += 1;
    this.#keep(piece);
    const isTooLong = this.#isTooLong;
    const [only] = this.#pieces;
    const bytes = only !== undefined && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pendingBytes = 0;
    this.#isTooLong = false;
    if (isTooLong) return { index, bytes: undefined };
    return isBlank(bytes) ? undefined : { index, bytes };
  }
}

function isBlank(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x0d && byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}
