import sodium from 'sodium-native';

/** Drawn at once, because a system call for a few bytes costs more than sealing with them. */
const DRAWN_BYTES = 8 * 1024;

const drawn = Buffer.alloc(DRAWN_BYTES);
let used = DRAWN_BYTES;

/** Fills the first `length` bytes of `target`, at most 8 KiB, with random bytes that are handed out only once. */
export function fillRandom(target: Buffer, length: number): void {
  if (used + length > DRAWN_BYTES) {
    sodium.randombytes_buf(drawn);
    used = 0;
  }
  drawn.copy(target, 0, used, used + length);
  drawn.fill(0, used, used + length);
  used += length;
}
