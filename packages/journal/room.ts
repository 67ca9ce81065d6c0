/** Documents of some five hundred touchpoints. */
const ROOM_BYTES = 512 * 1024;

/**
 * Memory for the documents of one call, used again by a later one: what lies outside the heap is seen by the collector
 * late, and makes it look at everything else for nothing.
 */
export class Room {
  #bytes = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #used = 0;

  /** So many bytes, whatever is in them. */
  take(length: number): Buffer {
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(ROOM_BYTES, length));
      this.#used = 0;
    }
    this.#used += length;
    return this.#bytes.subarray(this.#used - length, this.#used);
  }

  /** To be called when nobody looks any more at what was taken. */
  clear(): void {
    this.#used = 0;
  }
}
