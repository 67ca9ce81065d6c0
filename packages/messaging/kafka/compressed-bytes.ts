import { malformed } from './inflated-bytes.ts';

/** Reads a compressed batch from front to back; never beyond its end. */
export class CompressedBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** Little end first. */
  number(bytes: number): number {
    return bytes === 0 ? 0 : this.take(bytes).readUIntLE(0, bytes);
  }
}
