import { CompressedBytes } from './compressed-bytes.ts';
import { InflatedBytes, malformed } from './inflated-bytes.ts';

const FRAME_MAGIC = 0x184d2204;
const HAS_BLOCK_CHECKSUM = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_DICTIONARY = 0x01;
const CHECKSUM_BYTES = 4;
/** In the length of a block: it is stored as it was. */
const IS_STORED = 0x8000_0000;
const MIN_MATCH_BYTES = 4;
const LONG = 15;

/** Opens one LZ4 frame (lz4/lz4, lz4_Frame_format.md). Its checksums are left unread: Kafka checks each batch with its own. */
export function inflateLz4(buffer: Buffer, maxBytes: number): Buffer {
  const input = new CompressedBytes(buffer);
  const output = new InflatedBytes(maxBytes);
  const flags = readHeader(input);
  for (;;) {
    const size = input.number(4);
    if (size === 0) return output.toBuffer();
    const isStored = size >= IS_STORED;
    const block = input.take(isStored ? size - IS_STORED : size);
    if (isStored) output.append(block);
    else inflateBlock(new CompressedBytes(block), output);
    if (flags & HAS_BLOCK_CHECKSUM) input.take(CHECKSUM_BYTES);
  }
}

function readHeader(input: CompressedBytes): number {
  if (input.number(4) !== FRAME_MAGIC) throw malformed();
  const flags = input.byte();
  if (flags & HAS_DICTIONARY) throw malformed();
  const blockSizes = 1;
  const ownChecksum = 1;
  input.take(blockSizes + (flags & HAS_CONTENT_SIZE ? 8 : 0) + ownChecksum);
  return flags;
}

/** Literals, then a match, again and again; the last has literals only. */
function inflateBlock(input: CompressedBytes, output: InflatedBytes): void {
  while (!input.isAtEnd) {
    const token = input.byte();
    output.append(input.take(lengthFrom(token >>> 4, input)));
    if (input.isAtEnd) return;
    const distance = input.number(2);
    output.repeat(distance, lengthFrom(token & LONG, input) + MIN_MATCH_BYTES);
  }
}

function lengthFrom(short: number, input: CompressedBytes): number {
  let length = short;
  if (short < LONG) return length;
  for (let more = 255; more === 255; ) {
    more = input.byte();
    length += more;
  }
  return length;
}
