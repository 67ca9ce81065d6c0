const FIRST_BYTES = 64 * 1_024;

/** What comes out of a compressed batch, up to a limit: grows at its end, and repeats what it already has. */
export class InflatedBytes {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(Math.min(FIRST_BYTES, maxBytes));
  }

  append(part: Buffer): void {
    this.#makeRoom(part.length);
    part.copy(this.#bytes, this.#length);
    this.#length += part.length;
  }

  /** Appends `length` bytes beginning `distance` before the end; where it is the longer, they repeat. */
  repeat(distance: number, length: number): void {
    if (distance < 1 || distance > this.#length) throw malformed();
    this.#makeRoom(length);
    const from = this.#length - distance;
    if (distance >= length) this.#bytes.copyWithin(this.#length, from, from + length);
    else for (let at = 0; at < length; at++) this.#bytes[this.#length + at] = this.#bytes[from + at] ?? 0;
    this.#length += length;
  }

  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#maxBytes)
      throw new RangeError(`a batch inflates to more than ${this.#maxBytes} bytes`);
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, this.#bytes.length * 2)));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

export function malformed(): Error {
  return new Error('a compressed batch is malformed');
}
