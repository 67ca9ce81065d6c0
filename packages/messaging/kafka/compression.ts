import { promisify } from 'node:util';
import { gunzip, gzip, type InputType, zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { inflateLz4 } from './lz4.ts';
import { inflateSnappy } from './snappy.ts';

/** What kafkajs compresses is one batch of records. */
interface Encoder {
  readonly buffer: Buffer;
}

type Convert = (input: InputType, options: { readonly maxOutputLength?: number }) => Promise<Buffer>;

/**
 * Teaches kafkajs every way in which others compress what we read. A batch that grows beyond `maxInflatedBytes` fails
 * instead of taking the memory of the process: a megabyte of gzip can hold a gigabyte.
 */
export function installCompression({ maxInflatedBytes }: { readonly maxInflatedBytes: number }): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const bounded = { maxOutputLength: maxInflatedBytes };
  const codec = (deflate: Convert, inflate: Convert) => () => ({
    compress: ({ buffer }: Encoder) => deflate(buffer, {}),
    decompress: (buffer: Buffer) => inflate(buffer, bounded),
  });
  CompressionCodecs[CompressionTypes.GZIP] = codec(promisify(gzip), promisify(gunzip));
  CompressionCodecs[CompressionTypes.ZSTD] = codec(promisify(zstdCompress), promisify(zstdDecompress));
  CompressionCodecs[CompressionTypes.LZ4] = readOnly((buffer) => inflateLz4(buffer, maxInflatedBytes));
  CompressionCodecs[CompressionTypes.Snappy] = readOnly((buffer) => inflateSnappy(buffer, maxInflatedBytes));
}

function readOnly(inflate: (buffer: Buffer) => Buffer) {
  return () => ({
    compress: () => Promise.reject(new Error('this compression is for reading only')),
    decompress: async (buffer: Buffer) => inflate(buffer),
  });
}
