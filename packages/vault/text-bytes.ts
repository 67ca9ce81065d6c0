const SCRATCH_BYTES = 64 * 1024;
const MAX_UNIT_BYTES = 3;

const scratch = Buffer.alloc(SCRATCH_BYTES);

/** A text in UTF-8, until the next one is asked for: small texts share one buffer, larger ones get their own. */
export function bytesOf(text: string): Buffer {
  if (text.length * MAX_UNIT_BYTES > SCRATCH_BYTES) return Buffer.from(text);
  return scratch.subarray(0, scratch.write(text));
}
