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
  cut(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#finish(chunk.subarray(start, end));
      if (line !== undefined) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, when it did not end. */
  rest(): Line | undefined {
    return this.#finish(NOTHING);
  }

  #keep(piece: Buffer): void {
    if (this.#isTooLong) return;
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      this.#isTooLong = true;
      this.#pieces = [];
    } else this.#pieces.push(piece);
  }

  #finish(end: Buffer): Line | undefined {
    const index = this.#index;
    this.#index += 1;
    const bytes = this.#whole(end);
    return bytes !== undefined && isBlank(bytes) ? undefined : { index, bytes };
  }

  /** Most lines lie in one piece. */
  #whole(end: Buffer): Buffer | undefined {
    if (this.#pendingBytes === 0) return end.length > this.#maxLineBytes ? undefined : end;
    this.#keep(end);
    const bytes = this.#isTooLong ? undefined : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pendingBytes = 0;
    this.#isTooLong = false;
    return bytes;
  }
}

const NOTHING = Buffer.alloc(0);

function isBlank(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x0d && byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}
