import { CompressedBytes } from './compressed-bytes.ts';
import { InflatedBytes, malformed } from './inflated-bytes.ts';

/** Java clients wrap blocks in the stream format of snappy-java; others send one bare block. */
const STREAM_MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1');
const STREAM_VERSIONS_BYTES = 8;
const BLOCK_LENGTH_BYTES = 4;
const MAX_VARINT_BYTES = 5;
/** Longer literals say in up to four further bytes how long they are. */
const SHORT_LITERAL = 60;

/** Opens what was compressed with Snappy (google/snappy, format_description.txt). */
export function inflateSnappy(buffer: Buffer, maxBytes: number): Buffer {
  const output = new InflatedBytes(maxBytes);
  const input = new CompressedBytes(buffer);
  if (!buffer.subarray(0, STREAM_MAGIC.length).equals(STREAM_MAGIC)) {
    inflateBlock(input, output);
    return output.toBuffer();
  }
  input.take(STREAM_MAGIC.length + STREAM_VERSIONS_BYTES);
  while (!input.isAtEnd) {
    const length = input.take(BLOCK_LENGTH_BYTES).readUInt32BE();
    inflateBlock(new CompressedBytes(input.take(length)), output);
  }
  return output.toBuffer();
}

function inflateBlock(input: CompressedBytes, output: InflatedBytes): void {
  skipLength(input);
  while (!input.isAtEnd) {
    const tag = input.byte();
    const rest = tag >>> 2;
    if ((tag & 3) === 0) {
      const length = rest < SHORT_LITERAL ? rest : input.number(rest - SHORT_LITERAL + 1);
      output.append(input.take(length + 1));
    } else if ((tag & 3) === 1) {
      const distance = ((tag >>> 5) << 8) | input.byte();
      output.repeat(distance, (rest & 7) + 4);
    } else {
      output.repeat(input.number((tag & 3) === 2 ? 2 : 4), rest + 1);
    }
  }
}

/** A block begins with its inflated length, as a varint; what follows says it as well. */
function skipLength(input: CompressedBytes): void {
  for (let bytes = 0; bytes < MAX_VARINT_BYTES; bytes++) if (input.byte() < 0x80) return;
  throw malformed();
}
