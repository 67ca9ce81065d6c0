import { hash } from 'node:crypto';

/** Namespace of Touchline event ids. Changing it would make every repeat look new. */
const NAMESPACE = Buffer.from('5c0fd5c2d9d04f0f9a4e6b1b7e1c3a52', 'hex');

/** Names up to this size are put behind the namespace in place. */
const SCRATCH_BYTES = 4 * 1024;
const MAX_UNIT_BYTES = 3;
const named = Buffer.concat([NAMESPACE, Buffer.alloc(SCRATCH_BYTES)]);

const UUID = Buffer.from('00000000-0000-0000-0000-000000000000');
const HYPHEN = 0x2d;
const HEX = Buffer.from('0123456789abcdef');

/**
 * The event's id in the log: UUID version 5 (RFC 9562) of the JSON text of `[source, id]`, lower case. The same pair
 * always has the same id, and different pairs have different names, so retries are recognised for ever.
 */
export function eventIdOf(source: string, id: string): string {
  // As a text of 20 characters: a buffer would be memory outside the heap.
  const digest = hash('sha1', inNamespace(JSON.stringify([source, id])), 'binary');
  let place = 0;
  for (let at = 0; at < 16; at++) {
    if (UUID[place] === HYPHEN) place++;
    const byte = marked(digest.charCodeAt(at), at);
    UUID[place++] = HEX[byte >> 4] as number;
    UUID[place++] = HEX[byte & 15] as number;
  }
  return UUID.toString('latin1');
}

function inNamespace(name: string): Uint8Array {
  if (name.length * MAX_UNIT_BYTES > SCRATCH_BYTES) return Buffer.concat([NAMESPACE, Buffer.from(name)]);
  return named.subarray(0, NAMESPACE.length + named.write(name, NAMESPACE.length));
}

/** Version and variant have their places. */
function marked(byte: number, at: number): number {
  if (at === 6) return (byte & 0x0f) | 0x50;
  return at === 8 ? (byte & 0x3f) | 0x80 : byte;
}
