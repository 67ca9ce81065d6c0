import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { installCompression } from './compression.ts';
import { inflateLz4 } from './lz4.ts';
import { inflateSnappy } from './snappy.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const MAX_BYTES = 10_000;

/** Literal "abc", then a copy of nine bytes from three back. */
const SNAPPY = Buffer.from([12, 8, 0x61, 0x62, 0x63, 0b0001_0101, 3]);
const LZ4_HEADER = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0];
/** Literal "abc", a match of nine bytes from three back, and a last sequence without any. */
const LZ4_BLOCK = [0x35, 0x61, 0x62, 0x63, 3, 0, 0];
const LZ4 = Buffer.from([...LZ4_HEADER, LZ4_BLOCK.length, 0, 0, 0, ...LZ4_BLOCK, 0, 0, 0, 0]);

describe('snappy', () => {
  test('a bare block is opened, copies that overlap themselves included', () => {
    expect(String(inflateSnappy(SNAPPY, MAX_BYTES))).toBe('abcabcabcabc');
  });

  test('the stream of Java clients is opened, block after block', () => {
    const header = Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1');
    const block = Buffer.concat([Buffer.from([0, 0, 0, SNAPPY.length]), SNAPPY]);
    const stream = Buffer.concat([header, block, block]);
    expect(String(inflateSnappy(stream, MAX_BYTES))).toBe('abcabcabcabc'.repeat(2));
  });
});

test('an lz4 frame is opened', () => expect(String(inflateLz4(LZ4, MAX_BYTES))).toBe('abcabcabcabc'));

describe.each([
  ['snappy', inflateSnappy, SNAPPY],
  ['lz4', inflateLz4, LZ4],
])('%s', (_, inflate, example) => {
  test('what grows beyond the limit is refused', () => {
    expect(() => inflate(example, 11)).toThrow(RangeError);
    expect(inflate(example, 12)).toHaveLength(12);
  });

  test('what is cut short is refused', () => {
    expect(() => inflate(example.subarray(0, -1), MAX_BYTES)).toThrow();
  });

  test('nonsense is refused or opened within the limit, and never takes long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(inflate(Buffer.from(bytes), MAX_BYTES).length).toBeLessThanOrEqual(MAX_BYTES);
        } catch (failure) {
          expect(failure).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each<[string, () => Codec, (input: Buffer) => Promise<Buffer>]>([
  ['gzip', () => CompressionCodecs[CompressionTypes.GZIP](), promisify(gzip)],
  ['zstd', () => CompressionCodecs[CompressionTypes.ZSTD](), promisify(zstdCompress)],
])(
  'a small batch that holds a great deal is refused before it is opened: %s',
  async (_, codecOf, deflate) => {
    installCompression({ maxInflatedBytes: MAX_BYTES });
    const codec = codecOf();
    const fits = Buffer.alloc(MAX_BYTES, 'a');
    expect(await codec.decompress(await deflate(fits))).toEqual(fits);
    const bomb = await deflate(Buffer.alloc(MAX_BYTES * 100, 'a'));
    expect(bomb.length).toBeLessThan(MAX_BYTES);
    await expect(codec.decompress(bomb)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
  },
);

interface Codec {
  decompress(buffer: Buffer): Promise<Buffer>;
}
